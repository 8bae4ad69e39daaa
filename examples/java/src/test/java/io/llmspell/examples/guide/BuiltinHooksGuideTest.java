package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.hooks.Hooks;
import io.llmspell.hooks.builtin.BuiltinHooks;
import io.llmspell.hooks.builtin.BuiltinServices;
import io.llmspell.hooks.builtin.LogLevel;
import io.llmspell.hooks.builtin.LoggingConfig;
import io.llmspell.hooks.builtin.SecurityLog;
import io.llmspell.hooks.builtin.StateAuditConfig;
import io.llmspell.hooks.builtin.StateMetricsConfig;
import io.llmspell.hooks.builtin.StateValidationConfig;
import io.llmspell.testing.time.ManualTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuiltinHooksGuideTest extends Guide {
    @Test
    void withoutARuntime() {
        ManualTime time = new ManualTime();
        try (Hooks hooks =
                Hooks.builder().time(time).awaiter(Awaiter.blocking(time)).build()) {
            AuditLog auditLog = spell.audit();
            // region
            BuiltinHooks builtins = BuiltinHooks.of(
                    hooks, BuiltinServices.builder(time).audit(auditLog).build());
            builtins.enable(LoggingConfig.builder().level(LogLevel.DEBUG).build());
            builtins.enable("security", ConfigSection.of("hooks.security", Map.of("block_on_violations", true)));
            builtins.statistics("security"); // JSON, as listed below
            builtins.view(SecurityLog.class).orElseThrow().verify();
            // endregion

            assertThat(builtins.isEnabled("security")).isTrue();
            builtins.close();
        }
    }

    @Test
    void hooksOfState() {
        JsonObject schema = JsonObject.of("type", "object", "required", JsonArray.of("name"));
        // region
        spell.builtins()
                .enable(StateValidationConfig.builder()
                        .schema("agent:*", "profile:*", schema)
                        .maxBytes("session:*", "*", 4_096)
                        .build());
        spell.builtins().enable(new StateAuditConfig(false)); // true: reads too
        spell.builtins().enable(new StateMetricsConfig(false));
        spell.builtins().statistics("state_metrics"); // in scripts Hook.builtin_statistics("state_metrics")
        // endregion

        StateKey profile = StateKey.of(Scope.agent("ann"), "profile:1");
        assertThatThrownBy(() -> state.put(profile, Map.of("nam", "Ann"))).hasMessageContaining("name");
    }
}
