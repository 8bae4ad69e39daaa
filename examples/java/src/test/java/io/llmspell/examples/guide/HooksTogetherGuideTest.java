package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.hooks.Composition;
import io.llmspell.hooks.CompositionMode;
import io.llmspell.hooks.Hooks;
import io.llmspell.hooks.coordination.ChainResult;
import io.llmspell.hooks.coordination.ExecutionChain;
import io.llmspell.hooks.distributed.HookPeer;
import io.llmspell.hooks.distributed.NetworkPriority;
import io.llmspell.hooks.distributed.PeerKey;
import io.llmspell.hooks.distributed.PeerNode;
import io.llmspell.hooks.distributed.PeerPolicy;
import io.llmspell.hooks.distributed.Propagation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class HooksTogetherGuideTest extends Guide {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final SystemTimeSource time = new SystemTimeSource();

    private void report(String name, HookMetrics metrics) {
        told.add(name + " " + metrics.count());
    }

    @Test
    void severalAsOne() {
        Hook lengthCheck = context -> HookResult.proceed();
        Hook wordCheck = context -> HookResult.cancel("a word");
        Hook modelCheck = context -> HookResult.cancel("a bad word");
        try (Hooks hooks =
                Hooks.builder().time(time).awaiter(Awaiter.blocking(time)).build()) {
            // region
            Composition checks = Composition.of(
                            new CompositionMode.Voting(0.6, 2, false, CompositionMode.TieBreaker.PREFER_ACTION))
                    .child("length", lengthCheck)
                    .child("words", wordCheck)
                    .child(
                            HookOptions.builder("model")
                                    .timeout(Duration.ofSeconds(2))
                                    .build(),
                            modelCheck)
                    .build(hooks);
            checks.register(hooks.registry(), HookPoint.BEFORE_AGENT_EXECUTION, HookOptions.named("checks"));
            checks.children().forEach(child -> report(child.name(), child.metrics()));
            // endregion
        }
        assertThat(told).containsExactly("length 0", "words 0", "model 0");
    }

    /** Tells that it was made. */
    static final class AuditHook implements Hook {
        @Override
        public HookResult execute(HookContext context) {
            return HookResult.proceed();
        }
    }

    @Test
    void features() {
        // region
        LlmSpell spell = LlmSpell.builder()
                .selectiveHooks(features -> features.feature("base")
                        .feature("security", "base")
                        .feature("audit", "security")
                        .hook("audit", HookPoint.AFTER_TOOL_EXECUTION, HookOptions.named("audit"), AuditHook::new))
                .build();
        spell.selectiveHooks().enable("audit"); // base, security, audit
        spell.selectiveHooks().disable("security"); // audit, security
        // endregion

        spell.close();
    }

    private static Object load(Object path) {
        return 3;
    }

    private static Object sum(Object rows) {
        return ((Number) rows).intValue() + 1;
    }

    private static Object paint(Object rows) {
        return "#".repeat(((Number) rows).intValue());
    }

    private static Object send(Map<String, ?> parts) {
        return parts.get("chart") + " " + parts.get("sum");
    }

    @Test
    void chains() {
        Component loader = Component.named(ComponentType.SYSTEM, "loader");
        Component calculator = Component.named(ComponentType.SYSTEM, "calculator");
        Component painter = Component.named(ComponentType.SYSTEM, "painter");
        Component mailer = Component.named(ComponentType.SYSTEM, "mailer");
        // region
        ExecutionChain report = ExecutionChain.named("report")
                .step("load", loader, input -> load(input.chain()))
                .step("sum", calculator, input -> sum(input.outputs().get("load")), "load")
                .step("chart", painter, input -> paint(input.outputs().get("load")), "load")
                .step("send", mailer, input -> send(input.outputs()), "sum", "chart")
                .build();
        ChainResult result = spell.coordinator().run(report, "2025", caller);
        // endregion

        assertThat(result.steps().get("send").output()).isEqualTo("### 4");
    }

    /** A transport within the process. */
    private record Line(PeerNode there) implements HookPeer {
        @Override
        public String agentId() {
            return "guard";
        }

        @Override
        public Optional<String> address() {
            return Optional.empty();
        }

        @Override
        public Mono<Bytes> send(Bytes context, NetworkPriority priority) {
            return there.receive(context, null);
        }
    }

    @Test
    void otherProcesses() {
        byte[] secret = new byte[32];
        PeerKey shared = PeerKey.of("planner-guard", secret, "planner", "guard");
        PeerPolicy all = new PeerPolicy(Set.of("*"), Set.of("*"), Set.of("*"));
        try (LlmSpell far = LlmSpell.builder().build();
                PeerNode guard = far.peer("guard", shared, builder -> builder.policy(all))) {
            far.hooks()
                    .register(HookPoint.BEFORE_TOOL_EXECUTION, "no", context -> HookResult.cancel("the guard says no"));
            HookOptions guardOptions =
                    HookOptions.builder("far").timeout(Duration.ofSeconds(20)).build();
            HookPeer wayToTheGuard = new Line(guard);
            // region
            PeerKey key =
                    PeerKey.of("planner-guard", secret, "planner", "guard"); // 32 random bytes, for these two agents
            PeerNode node = spell.peer("planner", key, builder -> {}); // its refusals are in the audit log
            node.add(wayToTheGuard); // a HookPeer: your transport
            node.register(
                    spell.hooks(),
                    HookPoint.BEFORE_TOOL_EXECUTION,
                    guardOptions,
                    Propagation.to("guard").awaiting(Duration.ofSeconds(20)).failing());
            // endregion

            assertThatThrownBy(() -> spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1"), caller))
                    .hasMessageContaining("the guard says no");
        }
    }
}
