package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.hooks.builtin.SecurityAction;
import io.llmspell.hooks.builtin.SecurityConfig;
import io.llmspell.hooks.builtin.SecurityEventKind;
import io.llmspell.hooks.builtin.SecurityRule;
import io.llmspell.hooks.builtin.SecuritySeverity;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.StoreAuditLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The built-in hooks in a whole runtime. */
final class RuntimeBuiltinsTest {
    private final AtomicReference<@Nullable StorageBackend> store = new AtomicReference<>();

    private LlmSpell open(Map<String, Object> hooks) {
        StorageFactory factory = (spaces, time) -> {
            StorageBackend opened = MemoryStorage.create(spaces);
            store.set(opened);
            return opened;
        };
        Map<String, Object> patient = new HashMap<>(hooks);
        patient.put("deadline", "30s"); // the first call of a guard loads its classes
        return LlmSpell.builder()
                .storage(factory)
                .config(ConfigSection.of("", Map.of("hooks", patient)))
                .build();
    }

    @Test
    void security_configured_blocksAuditsAndTells() throws Exception {
        Map<String, Object> security = Map.of("enabled", true, "block_on_violations", true, "max_parameter_length", 40);
        try (LlmSpell spell = open(Map.of("security", security))) {
            EventInbox inbox = spell.events().inbox("security.violation", SubscribeOptions.DEFAULT, spell.caller());

            JsonObject tooLong = JsonObject.of("input", "1 + 1".repeat(20));
            assertThatThrownBy(() -> spell.toolExecutor().invoke("calculator", tooLong, spell.caller()))
                    .isInstanceOf(OperationCancelledException.class)
                    .hasMessageContaining("parameter_size");
            UniversalEvent told = inbox.next().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(String.valueOf(told.payload())).contains("parameter_size");
            StoreAuditLog audit =
                    StoreAuditLog.on(Objects.requireNonNull(store.get()), RecordCodecs.create(JsonCodec.create()));
            assertThat(audit.verify().records()).isPositive();
        }
    }

    private static List<String> violations(LlmSpell spell) {
        List<String> told = new CopyOnWriteArrayList<>();
        spell.events()
                .subscribe(
                        "security.violation",
                        SubscribeOptions.DEFAULT.onPublisherThread(),
                        (event, again) -> told.add(
                                String.valueOf(((JsonObject) Objects.requireNonNull(event.payload())).get("rule"))),
                        spell.caller());
        return told;
    }

    @Test
    void violation_whoeverFindsIt_isToldOnce() {
        Map<String, Object> security = Map.of("enabled", true, "block_on_violations", true, "max_parameter_length", 40);
        try (LlmSpell spell = open(Map.of("security", security))) {
            List<String> told = violations(spell);
            assertThatThrownBy(() -> spell.toolExecutor()
                            .invoke("calculator", JsonObject.of("input", "1 + 1".repeat(20)), spell.caller()))
                    .isInstanceOf(OperationCancelledException.class);
            assertThat(told).containsExactly("parameter_size");
            told.clear();

            Caller agent = spell.caller().as(new Principal.Agent("a"));
            assertThatThrownBy(() -> spell.state().as(agent).get(StateKey.of(Scope.agent("b"), "k")))
                    .isInstanceOf(StateException.class);
            assertThat(told).containsExactly("state_access");
        }
    }

    @Test
    void ruleThatAlerts_ofNoViolation_isToldOnce() {
        try (LlmSpell spell = open(Map.of())) {
            List<String> told = violations(spell);
            SecurityRule rule = new SecurityRule(
                    "sums",
                    Set.of(HookPoint.BEFORE_TOOL_EXECUTION),
                    context -> "somebody calculates",
                    SecurityEventKind.DATA_ACCESS,
                    SecuritySeverity.LOW,
                    Set.of(SecurityAction.ALERT));
            spell.builtins().enable(SecurityConfig.builder().rule(rule).build());
            spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1 + 1"), spell.caller());

            assertThat(told).containsExactly("sums");
        }
    }

    @Test
    void nothingConfigured_nothingIsRegistered() {
        try (LlmSpell spell = open(Map.of())) {
            HookFilter all = new HookFilter(null, null, null, null, HookOptions.HIGHEST, HookOptions.LOWEST, true);

            assertThat(spell.hooks().list(all)).isEmpty();
            assertThat(spell.builtins().list()).isNotEmpty().noneMatch(builtin -> builtin.enabled());
        }
    }

    @Test
    void configured_isThereBeforeTheStart() {
        try (LlmSpell spell = open(Map.of("metrics", Map.of("enabled", true)))) {
            assertThat(spell.hooks().metricsByPoint("metrics").get(HookPoint.SYSTEM_STARTUP))
                    .satisfies(figures -> assertThat(figures.count()).isEqualTo(1));
        }
    }

    @Test
    void unknownHook_isRefusedBeforeAStoreIsOpened() {
        assertThatThrownBy(() -> open(Map.of("metrcs", Map.of("enabled", true))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hooks.metrcs: no such option, did you mean \"metrics\"?");
        assertThat(store.get()).isNull();
    }
}
