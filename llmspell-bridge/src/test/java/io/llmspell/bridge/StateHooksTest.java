package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import io.llmspell.hooks.builtin.CachingConfig;
import io.llmspell.hooks.builtin.StateAuditConfig;
import io.llmspell.hooks.builtin.StateMetricsConfig;
import io.llmspell.hooks.builtin.StateRule;
import io.llmspell.hooks.builtin.StateValidationConfig;
import io.llmspell.storage.MemoryStorage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The built-in hooks of state in a whole runtime. */
final class StateHooksTest {
    private static final HookFilter ALL =
            new HookFilter(null, null, null, null, HookOptions.HIGHEST, HookOptions.LOWEST, true);
    private static final StateKey PROFILE = StateKey.of(Scope.agent("ann"), "profile:main");
    private static final JsonObject PERSON = JsonObject.of(
            "type", "object",
            "required", List.of("name", "age"),
            "properties",
                    JsonObject.of(
                            "name", JsonObject.of("type", "string"),
                            "age", JsonObject.of("type", "integer", "minimum", 0L),
                            "password", JsonObject.of("type", "string", "minLength", 4L, "maxLength", 6L)));

    private static LlmSpell open(Map<String, ?> state, Map<String, ?> hooks) {
        Map<String, Object> patient = new HashMap<>(hooks);
        patient.put("deadline", "20s"); // the first call of a guard loads its classes
        patient.put("overhead_min_operations", 1_000_000); // in memory hooks take longer than what they look at
        return LlmSpell.builder()
                .storage(MemoryStorage.factory())
                .config(ConfigSection.of("", Map.of("state", state, "hooks", patient)))
                .build();
    }

    private static LlmSpell open() {
        return open(Map.of(), Map.of());
    }

    private static LlmSpell validating() {
        return open(
                Map.of(),
                Map.of(
                        "state_validation",
                        Map.of("rules", List.of(Map.of("scope", "agent:*", "keys", "profile:*", "schema", PERSON)))));
    }

    private static StateChange put(StateKey key, Object value) {
        return new StateChange.Put(key, value, null, null);
    }

    private static JsonObject person(Object name, Object age) {
        return JsonObject.of("name", name, "age", age);
    }

    // ---- state_validation ----

    @Test
    void validation_noRules_nothingIsRegistered() {
        try (LlmSpell spell = open(Map.of("hooks", List.of("state_validation")), Map.of())) {
            assertThat(spell.hooks().list(ALL)).isEmpty();
            assertThat(spell.builtins().isEnabled("state_validation")).isFalse();
        }
    }

    @Test
    void validation_valueThatDoesNotFit_isRefusedWithAllViolations() {
        try (LlmSpell spell = validating()) {
            StateView state = spell.state().as(spell.caller());

            assertThatThrownBy(() -> state.put(PROFILE, person(17L, "old")))
                    .isInstanceOf(OperationCancelledException.class)
                    .hasMessageContaining("state_validation")
                    .hasMessageContaining("profile:main in agent:ann, an object")
                    .hasMessageContaining("the rule for profile:* in agent:*")
                    .hasMessageContaining("$.name must be a text")
                    .hasMessageContaining("$.age must be a whole number")
                    .hasMessageNotContaining("17");
            assertThat(state.get(PROFILE)).isEmpty();
        }
    }

    @Test
    void validation_otherKeysAndScopes_areNotLookedAt() {
        try (LlmSpell spell = validating()) {
            StateView state = spell.state().as(spell.caller());

            state.put(PROFILE, person("Ann", 30L));
            state.put(StateKey.of(Scope.agent("ann"), "note"), 1L);
            state.put(StateKey.of(Scope.GLOBAL, "profile:main"), 1L);

            assertThat(spell.builtins().statistics("state_validation").get("checked"))
                    .isEqualTo(1L);
        }
    }

    @Test
    void validation_secretInTheValue_isJudgedWholeAndNotShown() {
        try (LlmSpell spell = validating()) {
            StateView state = spell.state().as(spell.caller());

            state.put(PROFILE, person("Ann", 30L).with("password", "abcde"));
            assertThatThrownBy(() -> state.put(PROFILE, person("Ann", 30L).with("password", "hunter2!")))
                    .isInstanceOf(OperationCancelledException.class)
                    .hasMessageContaining("$.password must have at most 6 characters")
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void validation_hookBehindIt_cannotChangeTheValueIntoABadOne() {
        try (LlmSpell spell = validating()) {
            for (String point : List.of("BeforeStateWrite", "state_change")) {
                var handle = spell.hooks()
                        .register(
                                new HookPoint(point),
                                HookOptions.builder("spoiler")
                                        .priority(HookOptions.LOWEST)
                                        .build(),
                                context -> HookResult.modified(
                                        ((JsonObject) context.data()).with("value", person("Ann", -1L))));

                assertThatThrownBy(
                                () -> spell.state().as(spell.caller()).put(PROFILE, person("Ann", 30L)), "at " + point)
                        .isInstanceOf(OperationCancelledException.class)
                        .hasMessageContaining("$.age must be at least 0");
                handle.unregister();
            }
            assertThat(spell.state().as(spell.caller()).get(PROFILE)).isEmpty();
        }
    }

    @Test
    void validation_hookInFrontOfIt_mayRepairTheValue() {
        try (LlmSpell spell = validating()) {
            spell.hooks()
                    .register(
                            HookPoint.BEFORE_STATE_WRITE,
                            HookOptions.builder("repair")
                                    .priority(HookOptions.HIGHEST)
                                    .build(),
                            context -> HookResult.modified(
                                    ((JsonObject) context.data()).with("value", person("Ann", 1L))));

            spell.state().as(spell.caller()).put(PROFILE, "nonsense");

            assertThat(spell.state()
                            .as(spell.caller())
                            .get(PROFILE)
                            .orElseThrow()
                            .json())
                    .isEqualTo(person("Ann", 1L));
        }
    }

    @Test
    void validation_oneOfSeveralChangesDoesNotFit_noneIsCommitted() {
        try (LlmSpell spell = validating()) {
            StateView state = spell.state().as(spell.caller());
            StateKey other = StateKey.of(Scope.GLOBAL, "other");

            assertThatThrownBy(() -> state.apply(List.of(put(other, 1L), put(PROFILE, "nonsense"))))
                    .isInstanceOf(OperationCancelledException.class);
            assertThat(state.get(other)).isEmpty();
        }
    }

    @Test
    void validation_ofClassesThatAreNotObserved_holdsToo() {
        JsonObject number = JsonObject.of("type", "number");
        try (LlmSpell spell = open()) {
            spell.builtins()
                    .enable(StateValidationConfig.builder()
                            .schema("*", "*", number)
                            .build());
            StateView state = spell.state().as(spell.caller());

            for (StateClass each : StateClass.values()) {
                StateKey key = StateKey.of(Scope.GLOBAL, "k-" + each.id());
                state.apply(List.of(new StateChange.Put(key, 1L, null, each)));
                assertThatThrownBy(() -> state.apply(List.of(new StateChange.Put(key, "text", null, each))), each.id())
                        .isInstanceOf(OperationCancelledException.class);
            }
        }
    }

    @Test
    void validation_withoutWaiting_holdsToo() {
        try (LlmSpell spell = validating()) {
            StateView state = spell.state().as(spell.caller());

            assertThatThrownBy(() ->
                            state.applyAsync(List.of(put(PROFILE, "nonsense"))).block(Duration.ofSeconds(20)))
                    .isInstanceOf(OperationCancelledException.class);
        }
    }

    @Test
    void validation_manyBadValues_neverOpenItsBreaker() {
        try (LlmSpell spell = validating()) {
            StateView state = spell.state().as(spell.caller());
            IntStream.range(0, 200)
                    .forEach(i -> assertThatThrownBy(() -> state.put(PROFILE, i))
                            .isInstanceOf(OperationCancelledException.class));

            state.put(PROFILE, person("Ann", 30L));

            assertThat(state.get(PROFILE)).isPresent();
        }
    }

    @Test
    void validation_sizeOfARule_isRefusedBelowThatOfTheStore() {
        try (LlmSpell spell = open()) {
            spell.builtins()
                    .enable(StateValidationConfig.builder()
                            .maxBytes("global", "small*", 10)
                            .build());
            StateView state = spell.state().as(spell.caller());
            StateKey small = StateKey.of(Scope.GLOBAL, "small");

            state.put(small, "12345678");
            assertThatThrownBy(() -> state.put(small, "123456789"))
                    .isInstanceOf(OperationCancelledException.class)
                    .hasMessageContaining("it has 11 bytes, but may have at most 10");
        }
    }

    @Test
    void validation_removal_isNotJudged() {
        try (LlmSpell spell = open()) {
            StateView state = spell.state().as(spell.caller());
            state.put(PROFILE, "old form");
            spell.builtins()
                    .enable(StateValidationConfig.builder()
                            .schema("*", "*", PERSON)
                            .build());

            assertThat(state.delete(PROFILE)).isTrue();
        }
    }

    @Test
    void validation_schemaAsText_isRead() {
        Map<String, Object> rule = Map.of("keys", "n", "schema", "{\"type\": [\"number\", \"null\"]}");
        try (LlmSpell spell = open(Map.of(), Map.of("state_validation", Map.of("rules", List.of(rule))))) {
            StateView state = spell.state().as(spell.caller());

            state.put(StateKey.of(Scope.GLOBAL, "n"), null);
            assertThatThrownBy(() -> state.put(StateKey.of(Scope.GLOBAL, "n"), "x"))
                    .isInstanceOf(OperationCancelledException.class);
        }
    }

    @Test
    void rule_outOfRange_isRefused() {
        assertThatThrownBy(() -> StateRule.size("", "*", 1)).hasMessageContaining("scope");
        assertThatThrownBy(() -> StateRule.size("*", "*", 0)).hasMessageContaining("max_bytes");
    }

    // ---- [state] hooks ----

    @Test
    void configuration_wrong_namesWhatWouldBeRight() {
        assertThatThrownBy(() -> open(Map.of("hooks", List.of("state_metric")), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("state.hooks")
                .hasMessageContaining("did you mean \"state_metrics\"?");
        assertThatThrownBy(() -> open(
                        Map.of(),
                        Map.of("state_validation", Map.of("rules", List.of(Map.of("schema", Map.of("type", "int")))))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hooks.state_validation.rules[0].schema");
        assertThatThrownBy(() -> open(Map.of(), Map.of("state_validation", Map.of("rules", List.of(Map.of())))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unless the rule has max_bytes");
        assertThatThrownBy(() ->
                        open(Map.of(), Map.of("state_metrics", Map.of("points", List.of("BeforeToolExecution")))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none but BeforeStateWrite, AfterStateWrite");
    }

    @Test
    void list_ofState_andSectionOfAHook_sayWhatRuns() {
        Map<String, Object> off = Map.of("state_metrics", Map.of("enabled", false));
        try (LlmSpell spell = open(Map.of("hooks", List.of("state_audit", "state_metrics")), off)) {
            assertThat(spell.builtins().isEnabled("state_audit")).isTrue();
            assertThat(spell.builtins().isEnabled("state_metrics")).isFalse();
        }
        Map<String, Object> rules = Map.of("state_validation", Map.of("rules", List.of(Map.of("max_bytes", "1KiB"))));
        try (LlmSpell spell = open(Map.of("hooks", List.of()), rules)) {
            assertThat(spell.builtins().isEnabled("state_validation")).isFalse();
        }
    }

    // ---- state_audit ----

    private static List<String> audited(LlmSpell spell) {
        List<AuditRecord> newest = spell.audit().query(AuditQuery.newest(100).doing("state."));
        return newest.stream()
                .map(each -> each.action() + " " + each.target() + "/" + each.key() + " " + each.allowed() + " "
                        + each.reason())
                .toList();
    }

    @Test
    void audit_eachChange_isARecordOfItsCommit() {
        try (LlmSpell spell = open(Map.of("hooks", List.of("state_audit")), Map.of())) {
            Caller caller = spell.caller();
            StateView state = spell.state().as(caller);
            StateKey key = StateKey.of(Scope.agent("ann"), "api_key");

            state.put(key, "sk-123456789012345678901234567890");
            state.apply(List.of(put(StateKey.of(Scope.GLOBAL, "a"), 1L), put(StateKey.of(Scope.GLOBAL, "temp:b"), 1L)));
            state.delete(key);
            state.delete(key);
            state.clear(Scope.GLOBAL);

            assertThat(audited(spell))
                    .containsExactly(
                            "state.clear global/a true class standard",
                            "state.delete agent:ann/api_key true class sensitive",
                            "state.set global/a true class standard",
                            "state.set agent:ann/api_key true class sensitive");
            assertThat(spell.audit().verify().records()).isEqualTo(4);
            assertThat(spell.audit().query(AuditQuery.newest(1)).get(0).correlation())
                    .isEqualTo(caller.correlation());
        }
    }

    @Test
    void audit_refusedChange_isARecordThatSaysWhy() {
        try (LlmSpell spell = open(Map.of("hooks", List.of("state_audit")), Map.of())) {
            spell.builtins()
                    .enable(StateValidationConfig.builder()
                            .schema("*", "*", PERSON)
                            .build());
            StateView state = spell.state().as(spell.caller());

            assertThatThrownBy(() -> state.put(PROFILE, 1L)).isInstanceOf(OperationCancelledException.class);

            assertThat(audited(spell))
                    .singleElement()
                    .asString()
                    .startsWith("state.set agent:ann/profile:main false hook \"state_validation\" refused:");
        }
    }

    @Test
    void audit_lostCheck_isNoRecord() {
        try (LlmSpell spell = open(Map.of("hooks", List.of("state_audit")), Map.of())) {
            StateView state = spell.state().as(spell.caller());

            assertThatThrownBy(() -> state.apply(List.of(new StateChange.Check(PROFILE, 7), put(PROFILE, 1L)))
                            .orThrow())
                    .isInstanceOf(StateException.class);

            assertThat(audited(spell)).isEmpty();
        }
    }

    @Test
    void audit_reads_areRecordsIfAskedFor() {
        try (LlmSpell spell = open()) {
            StateView state = spell.state().as(spell.caller());
            spell.builtins().enable(new StateAuditConfig(false));
            state.get(PROFILE);
            assertThat(audited(spell)).isEmpty();
            spell.builtins().enable(new StateAuditConfig(true));
            state.get(PROFILE);
            state.keys(Scope.GLOBAL);

            assertThat(audited(spell))
                    .containsExactly(
                            "state.list global/null true keys",
                            "state.read agent:ann/profile:main true class standard");
        }
    }

    @Test
    void audit_settingsChangeAndEnd_countAtOnce() {
        try (LlmSpell spell = open()) {
            StateView state = spell.state().as(spell.caller());
            spell.builtins().enable(new StateAuditConfig(false));
            spell.builtins().enable(new StateAuditConfig(true));
            state.put(PROFILE, 1L);
            assertThat(audited(spell)).hasSize(1);
            spell.builtins().disable("state_audit");
            state.put(PROFILE, 2L);

            assertThat(audited(spell)).hasSize(1);
        }
    }

    // ---- state_metrics ----

    private static Object at(@Nullable Object json, String... path) {
        Object found = json;
        for (String step : path) {
            found = ((JsonObject) found).get(step);
        }
        return found;
    }

    @Test
    void metrics_ofEachKindClassAndOperation() {
        try (LlmSpell spell =
                open(Map.of("hooks", List.of("state_metrics")), Map.of("state_metrics", Map.of("reads", true)))) {
            StateView state = spell.state().as(spell.caller());
            StateKey key = StateKey.of(Scope.GLOBAL, "a");
            state.put(key, 1L);
            state.put(StateKey.of(Scope.GLOBAL, "b"), 1L);
            state.get(key);
            state.keys(Scope.GLOBAL);
            state.delete(key);
            state.apply(List.of(
                    put(StateKey.of(Scope.custom("user:ann"), "external:x"), 1L),
                    put(StateKey.of(Scope.agent("x"), "y"), 1L)));
            state.put(StateKey.of(Scope.GLOBAL, "temp:x"), 1L);
            state.get(StateKey.of(Scope.GLOBAL, "temp:x"));

            JsonObject figures = spell.builtins().statistics("state_metrics");
            assertThat(at(figures, "operations", "global", "standard", "set", "done"))
                    .isEqualTo(2L);
            assertThat(at(figures, "operations", "global", "standard", "set", "duration_stats", "p99"))
                    .isInstanceOf(Number.class);
            assertThat(at(figures, "operations", "global", "standard", "get", "done"))
                    .isEqualTo(1L);
            assertThat(at(figures, "operations", "global", "any", "list", "done"))
                    .isEqualTo(1L);
            assertThat(at(figures, "operations", "global", "standard", "delete", "done"))
                    .isEqualTo(1L);
            assertThat(at(figures, "operations", "custom", "external", "set", "done"))
                    .isEqualTo(1L);
            assertThat(at(figures, "operations", "agent", "standard", "set", "duration_stats"))
                    .isNull();
            assertThat(at(figures, "operations", "global", "ephemeral")).isNull();
        }
    }

    @Test
    void metrics_refusedAndLostChanges_areToldApart() {
        try (LlmSpell spell = open()) {
            spell.builtins().enable(new StateMetricsConfig(false));
            StateView state = spell.state().as(spell.caller());
            spell.hooks()
                    .register(
                            HookPoint.parse("state_change"),
                            HookOptions.builder("veto").build(),
                            context -> "bad".equals(context.metadata().get("key"))
                                    ? HookResult.cancel("no")
                                    : HookResult.proceed());
            assertThatThrownBy(() -> state.put(StateKey.of(Scope.GLOBAL, "bad"), 1L))
                    .isInstanceOf(OperationCancelledException.class);
            StateKey key = StateKey.of(Scope.GLOBAL, "k");
            state.apply(List.of(new StateChange.Check(key, 7), put(key, 1L)));
            state.get(key);

            JsonObject figures = spell.builtins().statistics("state_metrics");
            assertThat(at(figures, "operations", "global", "standard", "set", "refused"))
                    .isEqualTo(1L);
            assertThat(at(figures, "operations", "global", "standard", "set", "conflicts"))
                    .isEqualTo(1L);
            assertThat(at(figures, "operations", "global", "standard", "set", "done"))
                    .isEqualTo(0L);
            assertThat(at(figures, "operations", "global", "standard", "get")).isNull();
        }
    }

    // ---- caching ----

    @Test
    void caching_ofReads_isRefusedWithTheReason() {
        assertThatThrownBy(() -> CachingConfig.builder()
                        .points(List.of(HookPoint.BEFORE_STATE_READ))
                        .build())
                .hasMessageContaining("[state] cache_size");
    }
}
