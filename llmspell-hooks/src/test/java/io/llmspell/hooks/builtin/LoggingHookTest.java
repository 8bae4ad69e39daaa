package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

final class LoggingHookTest {
    private static final String SECRET = "sk-" + "aB3_".repeat(12);

    private final BuiltinRig rig = new BuiltinRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private String line() {
        return rig.logger.lines.get(0);
    }

    @Test
    void call_default_writesALineForEachPoint() {
        rig.enable("logging");
        rig.taking(Duration.ofMillis(12));
        rig.call(JsonObject.of("a", 1));

        assertThat(rig.logger.lines)
                .extracting(line -> line.substring(0, line.indexOf(" component")))
                .containsExactly(
                        "INFO ToolValidation",
                        "INFO BeforeToolExecution",
                        "INFO AfterToolExecution",
                        "INFO tool_resource_released");
        assertThat(line())
                .matches("INFO ToolValidation component=tool/calc operation=tool_call operation_id=[-0-9a-f]{36}"
                        + " correlation_id=run-1 principal=host language=java attempt=1 elapsed_ms=0"
                        + " data=\\{\"a\":1} metadata=\\{\"logging_hook_version\":\"1.0.0\"}");
        assertThat(rig.logger.lines.get(2)).contains("elapsed_ms=12 ");
        assertThat(rig.builtins.statistics("logging"))
                .isEqualTo(JsonObject.of(
                        "lines", JsonObject.of("trace", 0, "debug", 0, "info", 4, "warn", 0, "error", 0)));
    }

    @Test
    void call_failing_namesTheErrorRedacted() {
        rig.enable("logging", "level", "warn", "points", List.of("ToolError"));
        rig.body = input -> {
            throw new io.llmspell.core.error.ArgumentException("token " + SECRET + " is wrong");
        };
        rig.failure("x");

        assertThat(rig.logger.lines).hasSize(1);
        assertThat(line())
                .startsWith("WARN ToolError ")
                .contains(" error=invalid_argument ", "message=\"token [REDACTED]");
        assertThat(line()).doesNotContain(SECRET);
    }

    @Test
    void call_options_chooseTheMembers() {
        rig.enable(
                "logging",
                "points",
                List.of("BeforeToolExecution"),
                "fields",
                List.of("principal", "elapsed_ms", "data", "metadata"),
                "include_context_data",
                false,
                "include_metadata",
                false,
                "log_performance",
                false);
        rig.call("x");
        assertThat(line()).isEqualTo("INFO BeforeToolExecution principal=host");

        rig.enable("logging", "points", List.of("BeforeToolExecution"), "fields", List.of("data"));
        rig.call("x");
        assertThat(rig.logger.lines.get(1)).isEqualTo("INFO BeforeToolExecution data=\"x\"");
        assertThat(rig.builtins.statistics("logging"))
                .as("lines outlive a change of the settings")
                .extractingByKey("lines")
                .extracting("info")
                .isEqualTo(2L);
    }

    @Test
    void metadata_saysWhenItWasLogged() {
        rig.enable("logging");
        List<String> stamps = new CopyOnWriteArrayList<>();
        rig.look(BuiltinRig.BEFORE, context -> stamps.add(context.metadata().get("logged_at")));
        rig.call("x");

        assertThat(stamps).containsExactly("2025-01-01T00:00:00Z");
    }

    @Test
    void level_thatIsOff_writesAndCountsNothing() {
        try (BuiltinRig quiet = new BuiltinRig(Level.WARN, null, null)) {
            quiet.enable("logging", "level", "info");
            quiet.call("x");

            assertThat(quiet.logger.lines).isEmpty();
            assertThat(quiet.builtins.statistics("logging").get("lines"))
                    .isEqualTo(JsonObject.of("error", 0, "warn", 0, "info", 0, "debug", 0, "trace", 0));
        }
    }

    @Test
    void data_withSecretsAnywhere_isRedacted() {
        rig.enable("logging", "max_data_size", "64KiB");
        Object data = JsonObject.of(
                "author",
                "Ada",
                "total_tokens",
                7,
                "list",
                JsonArray.of(JsonObject.of("dbPassword", "hunter2"), "call with " + SECRET),
                "access_token",
                JsonObject.of("deep", JsonArray.of("geheim")),
                "json",
                "{\"password\":\"correct horse battery\"}",
                SECRET,
                1);
        rig.call(data);

        assertThat(rig.logger.lines).allSatisfy(each -> {
            assertThat(each).contains("\"author\":\"Ada\",\"total_tokens\":7");
            assertThat(each).doesNotContain("hunter2", "geheim", "horse", SECRET);
        });
    }

    @Test
    void metadata_withASecret_isRedacted() {
        rig.hooks.registry().register(BuiltinRig.VALIDATION, "note", context -> {
            context.putMetadata("session_token", "geheim");
            return io.llmspell.core.hook.HookResult.proceed();
        });
        rig.enable("logging");
        rig.call("x");

        assertThat(rig.logger.lines.get(1))
                .contains("\"session_token\":\"[REDACTED]\"")
                .doesNotContain("geheim");
    }

    @Test
    void data_tooLarge_isCutBetweenCodePoints() {
        rig.enable("logging", "fields", List.of("data"), "max_data_size", 11);
        for (String text : List.of("ä😀ä😀ä😀", "aä😀ä😀ä😀", "aaä😀ä😀", "aaa😀ä😀ä")) {
            rig.logger.lines.clear();
            rig.call(text);
            String shown = line().substring(line().indexOf("data=") + 5);
            assertThat(shown.getBytes(StandardCharsets.UTF_8).length).isBetween(7, 11);
            assertThat(shown).endsWith("…");
            assertThat(("\"" + text).startsWith(shown.substring(0, shown.length() - 1)))
                    .isTrue();
        }
    }

    @Test
    void secret_atTheCut_isGoneWhole() {
        rig.enable("logging", "fields", List.of("data"), "max_data_size", 40);
        rig.call("0123456789 0123456789 " + SECRET);

        assertThat(line()).doesNotContain("sk-");
    }

    @Test
    void line_withLineEndsAndQuotes_staysOneLine() {
        rig.enable("logging", "points", List.of("BeforeToolExecution"));
        rig.call("a\nb\u2028c\u202Ed", BuiltinRig.caller().as(new Principal.Agent("x\nINFO faked principal=host")));

        assertThat(line())
                .doesNotContain("\n", "\u2028", "\u202E")
                .contains("principal=\"agent:x\\nINFO faked principal=host\"")
                .contains("data=\"a\\nb\\u2028c\\u202ed\"");
    }

    @Test
    void braces_inData_areNoPlaceholders() {
        rig.enable("logging", "fields", List.of("data"));
        rig.call("{} {}");

        assertThat(line()).isEqualTo("INFO ToolValidation data=\"{} {}\"");
    }

    @Test
    void options_wrong_areRefused() {
        assertThatThrownBy(() -> rig.enable("logging", "level", "loud"))
                .hasMessage("hooks.logging.level: is \"loud\", but must be one of trace, debug, info, warn, error"
                        + " [invalid_config]");
        assertThatThrownBy(() -> rig.enable("logging", "fields", List.of("principle")))
                .hasMessageContaining("\"principle\" must be one of component,")
                .hasMessageContaining("did you mean \"principal\"?");
        assertThatThrownBy(() -> rig.enable("logging", "max_data_size", "2MiB"))
                .hasMessageContaining("is \"2MiB\", but must be a size from 0 to 1048576 bytes");
        assertThatThrownBy(() -> LoggingConfig.builder().maxDataSize(-1).build())
                .hasMessageContaining("0 to 1048576");
        assertThatThrownBy(() -> LoggingConfig.builder().fields("x").build())
                .hasMessageContaining("field of a log line");
    }

    @Test
    void place_isAfterTheHooksOfUsersAtAllPoints() {
        rig.builtins.enable(LoggingConfig.builder().build());
        List<HookInfo> all = rig.hooks.registry().list(new HookFilter(null, null, null, "logging", -1000, 1000, true));

        assertThat(all).hasSize(HookPoint.known().size());
        assertThat(all).allMatch(hook -> hook.system() && hook.options().priority() == 100);
        assertThat(rig.hooks.registry().explain(BuiltinRig.BEFORE)).contains("system-last");
        assertThat(rig.builtins.list().get(0).config())
                .isEqualTo(io.llmspell.core.json.JsonValues.object(
                        Map.of(
                                "level",
                                "info",
                                "include_context_data",
                                true,
                                "include_metadata",
                                true,
                                "log_performance",
                                true,
                                "max_data_size",
                                1024,
                                "fields",
                                List.of()),
                        JsonLimits.VALUE));
    }
}
