package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.LlmSpellBuilder;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.hooks.Hooks;
import io.llmspell.hooks.coordination.ChainResult;
import io.llmspell.hooks.coordination.Coordinator;
import io.llmspell.hooks.coordination.ExecutionChain;
import io.llmspell.hooks.coordination.SelectiveHooks;
import io.llmspell.hooks.coordination.SelectiveHooksBuilder;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Hooks by feature, chains and peers, as a whole runtime offers them. */
final class RuntimeCoordinationTest {
    private static final Component PART = Component.named(ComponentType.SYSTEM, "part");
    private static final Set<String> ALL = Set.of("*");

    private final List<String> seen = new CopyOnWriteArrayList<>();

    /** A hook that says when it is made, runs and is closed. */
    private final class Told implements Hook, AutoCloseable {
        private final String name;

        Told(String name) {
            this.name = name;
            seen.add("made " + name);
        }

        @Override
        public HookResult execute(HookContext context) {
            seen.add(name + " at " + context.point());
            return HookResult.proceed();
        }

        @Override
        public void close() {
            seen.add("closed " + name);
        }
    }

    private void declare(SelectiveHooksBuilder features) {
        features.feature("audit", "core")
                .hook("core", HookPoint.SYSTEM_STARTUP, HookOptions.named("start"), () -> new Told("start"))
                .hook("audit", HookPoint.AFTER_TOOL_EXECUTION, HookOptions.named("after"), () -> new Told("after"));
    }

    private static LlmSpellBuilder configured(Map<String, Object> selective) {
        return LlmSpell.builder().config(ConfigSection.of("", Map.of("hooks", Map.of("selective", selective))));
    }

    private static ToolResult calculate(LlmSpell spell) {
        return spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1 + 1"), spell.caller());
    }

    @Test
    void selectiveHooks_declaredBefore_seeTheStartAndAreSwitched() {
        try (LlmSpell spell = LlmSpell.builder().selectiveHooks(this::declare).build()) {
            assertThat(seen).containsExactly("made start", "start at SystemStartup");
            calculate(spell);
            assertThat(seen).hasSize(2);

            assertThat(spell.selectiveHooks().enable("audit")).containsExactly("audit");
            calculate(spell);
            assertThat(seen).endsWith("made after", "after at AfterToolExecution");

            spell.selectiveHooks().disable("audit");
            calculate(spell);
            assertThat(seen).endsWith("after at AfterToolExecution", "closed after");
        }
        assertThat(seen).endsWith("closed start");
    }

    /** What a declaration or a factory does may take long or need others that use the runtime. */
    @Test
    void declaration_holdsNobodyUp() {
        try (SystemTimeSource time = new SystemTimeSource();
                Hooks hooks = Hooks.builder().time(time).build();
                CloseStack closing = new CloseStack()) {
            Awaiter awaiter = Awaiter.blocking(time);
            RuntimeCoordination coordination = new RuntimeCoordination(
                    hooks, time, awaiter, null, () -> new Notices(hooks.gate(), null), closing, null);
            CompletableFuture<SelectiveHooks> other = new CompletableFuture<>();
            coordination.declare(List.of(features -> {
                CompletableFuture<Object> beside =
                        CompletableFuture.supplyAsync(coordination::coordinator, task -> new Thread(task).start());
                assertThat(beside).succeedsWithin(Duration.ofSeconds(20));
                assertThatThrownBy(coordination::selectiveHooks).hasMessageContaining("own declaration");
                new Thread(() -> other.complete(coordination.selectiveHooks())).start();
                declare(features);
            }));

            assertThat(other).succeedsWithin(Duration.ofSeconds(20)).isSameAs(coordination.selectiveHooks());
            assertThat(coordination.selectiveHooks().enable("audit")).containsExactly("audit");
        }
    }

    @Test
    void declarationThatFails_leavesNothing() {
        try (SystemTimeSource time = new SystemTimeSource();
                Hooks hooks = Hooks.builder().time(time).build();
                CloseStack closing = new CloseStack()) {
            RuntimeCoordination coordination = new RuntimeCoordination(
                    hooks, time, Awaiter.blocking(time), null, () -> new Notices(hooks.gate(), null), closing, null);
            assertThatThrownBy(() -> coordination.declare(List.of(features -> {
                        throw new IllegalStateException("planted");
                    })))
                    .hasMessage("planted");
            coordination.declare(List.of(this::declare));
            assertThat(coordination.selectiveHooks().enable("audit")).containsExactly("audit");
        }
    }

    @Test
    void selectiveHooks_configured_obeyTheSection() {
        Map<String, Object> section =
                Map.of("default_features", List.of("audit"), "preload_points", List.of("AfterToolExecution"));
        try (LlmSpell spell = configured(section).selectiveHooks(this::declare).build()) {
            assertThat(spell.selectiveHooks().enabled("audit")).isTrue();
            assertThat(seen).containsExactly("made after", "made start", "start at SystemStartup");
        }
    }

    @Test
    void selectiveHooks_unknownDefaultFeature_isRefusedAtTheStart() {
        LlmSpellBuilder builder = configured(Map.of("default_features", List.of("audits")));

        assertThatThrownBy(builder.selectiveHooks(this::declare)::build)
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("hooks.selective.default_features")
                .hasMessageContaining("audits");
    }

    @Test
    void selectiveHooks_nothingDeclared_areTheSameEmptySet() {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            SelectiveHooks features = spell.selectiveHooks();
            assertThat(features).isSameAs(spell.selectiveHooks());
            assertThat(features.enabled("core")).isTrue();
            assertThat(features.stats().hooks()).isZero();
        }
    }

    @Test
    void coordinator_runsChainsWithTheRuntimesToolsAndTraces() {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            Coordinator coordinator = spell.coordinator();
            ExecutionChain chain = ExecutionChain.named("sum")
                    .step(
                            "tool",
                            PART,
                            input -> spell.toolExecutor()
                                    .invoke("calculator", JsonObject.of("input", input.chain()), input.caller())
                                    .result())
                    .step("text", PART, input -> "got " + input.outputs().get("tool"), "tool")
                    .build();
            Caller caller = spell.caller();
            ChainResult result = coordinator.run(chain, "20 + 22", caller);

            assertThat(result.success()).isTrue();
            assertThat(String.valueOf(result.steps().get("text"))).contains("result=42");
            assertThat(coordinator.trace(caller.correlation())).isPresent();
            assertThat(spell.coordinator()).isSameAs(coordinator);
        }
    }

    @Test
    void close_endsChainsThatRun() throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        AtomicReference<ChainResult> result = new AtomicReference<>();
        LlmSpell spell = LlmSpell.builder().build();
        ExecutionChain chain = ExecutionChain.named("stuck")
                .step("waits", PART, input -> {
                    began.countDown();
                    new CountDownLatch(1).await();
                    return null;
                })
                .build();
        Thread runner = new Thread(() -> result.set(spell.coordinator().run(chain, null, spell.caller())));
        runner.start();
        began.await();
        spell.close();
        runner.join(Duration.ofSeconds(30).toMillis());

        assertThat(runner.isAlive()).isFalse();
        assertThat(result.get().success()).isFalse();
    }

    @Test
    void afterClose_nothingIsMadeAnyMore() {
        LlmSpell spell = LlmSpell.builder().build();
        spell.close();

        assertThatThrownBy(spell::coordinator).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(spell::selectiveHooks).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(() -> spell.peer("a", key(), builder -> {})).isInstanceOf(InvalidStateException.class);
    }

    private static PeerKey key() {
        byte[] secret = new byte[32];
        secret[3] = 7;
        return PeerKey.of("shared", secret, "a", "b");
    }

    /** A transport within the process. */
    private record Line(String agentId, PeerNode there) implements HookPeer {
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
    void peer_ofAnotherRuntime_decidesAboutAToolCall() {
        try (LlmSpell one = LlmSpell.builder().build();
                LlmSpell other = LlmSpell.builder().build()) {
            PeerNode there = other.peer("b", key(), node -> node.policy(new PeerPolicy(ALL, ALL, ALL)));
            other.hooks()
                    .register(
                            HookPoint.BEFORE_TOOL_EXECUTION,
                            "no sums",
                            context -> HookResult.cancel("no sums here: "
                                    + context.caller().principal().text()));
            PeerNode here = one.peer("a", key(), node -> {});
            here.add(new Line("b", there));
            here.register(
                    one.hooks(),
                    HookPoint.BEFORE_TOOL_EXECUTION,
                    HookOptions.named("asks b"),
                    Propagation.to("b").awaiting(Duration.ofSeconds(20)).failing());

            assertThatThrownBy(() -> calculate(one))
                    .isInstanceOf(OperationCancelledException.class)
                    .hasMessageContaining("agent b: no sums here: runtime:peer");
        }
    }

    @Test
    void peer_thatTakesNothing_refusesAndAudits() {
        RuntimeConfig plain = new RuntimeConfig(
                null,
                List.of(),
                RuntimeConfig.EarlyHooks.NONE,
                List.of(),
                null,
                null,
                RuntimeOptions.ofDefaults(ScriptLimits.DEFAULT),
                null);
        try (LlmSpell one = LlmSpell.builder().build();
                SpellRuntime other = SpellRuntime.start(plain)) {
            List<Object> violations = new CopyOnWriteArrayList<>();
            other.services().hooks().registry().register(HookPoint.SECURITY_VIOLATION, "sees", context -> {
                violations.add(context.data());
                return HookResult.proceed();
            });
            PeerNode there = other.coordination().peer("b", key(), node -> {});
            PeerNode here = one.peer("a", key(), node -> {});
            here.add(new Line("b", there));
            here.register(
                    one.hooks(),
                    HookPoint.BEFORE_TOOL_EXECUTION,
                    HookOptions.named("asks b"),
                    Propagation.to("b").awaiting(Duration.ofSeconds(20)));
            calculate(one);

            assertThat(violations)
                    .containsExactly(JsonObject.of(
                            "rule",
                            "context_refused",
                            "event_kind",
                            "unauthorized_operation",
                            "severity",
                            "high",
                            "principal",
                            "runtime:peer",
                            "target",
                            "agent:a",
                            "blocked",
                            true));

            assertThat(other.audit().verify().records()).isPositive();
        }
    }
}
