package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.hooks.Hooks;
import io.llmspell.hooks.builtin.BuiltinHooks;
import io.llmspell.hooks.builtin.BuiltinServices;
import io.llmspell.hooks.builtin.LogLevel;
import io.llmspell.hooks.builtin.LoggingConfig;
import io.llmspell.hooks.builtin.SecurityLog;
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
}
