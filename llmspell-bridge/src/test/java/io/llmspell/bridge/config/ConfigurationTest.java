package io.llmspell.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.FlowOptions;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.identity.Language;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.state.StateClass;
import io.llmspell.events.EventSettings;
import io.llmspell.hooks.BreakerSettings;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.coordination.SelectiveSettings;
import io.llmspell.state.StateSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files, variables, which of them wins, and what is said about mistakes. */
final class ConfigurationTest {
    @TempDir
    private Path folder;

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("llmspell.toml"), String.join("\n", lines) + "\n");
    }

    private static RuntimeOptions options(Configuration configuration) {
        return RuntimeOptions.from(configuration.root(), ScriptLimits.DEFAULT);
    }

    private RuntimeOptions options(Map<String, String> environment, String... lines) throws IOException {
        return options(Configuration.of(file(lines), environment));
    }

    private static String refused(ThrowingCallable call) {
        ConfigException caught = catchThrowableOfType(ConfigException.class, call);
        assertThat(caught).isNotNull();
        assertThat(caught.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        return caught.text();
    }

    private String refused(String... lines) throws IOException {
        Configuration[] read = new Configuration[1];
        Path file = file(lines);
        return refused(() -> {
            read[0] = Configuration.of(file, Map.of());
            options(read[0]);
        });
    }

    @Test
    void read_everyOption_reachesItsReader() throws IOException {
        RuntimeOptions options = options(
                Map.of(),
                "[runtime]",
                "data_dir = \"data\"",
                "default_engine = \"javascript\"",
                "log_level = \"warn\"",
                "shutdown_timeout = \"3s\"",
                "[scripts.limits]",
                "timeout = \"2m\"",
                "max_instructions = 5",
                "max_memory = \"64MiB\"",
                "max_coroutines = 3",
                "[events]",
                "drain_timeout = \"250ms\"",
                "concurrency = 2",
                "[events.flow]",
                "rate_limit = true",
                "max_rate = 5",
                "burst_capacity = 7",
                "strategy = \"reject\"",
                "max_buffer_size = 50",
                "high_water_mark = 40",
                "[hooks]",
                "max_depth = 4",
                "[monitor]",
                "interval = \"1s\"",
                "memory_high = 0.5",
                "[hooks.breaker]",
                "preset = \"conservative\"",
                "[hooks.points.before_tool_execution]",
                "deadline = \"7ms\"",
                "[hooks.hook.\"my.guard\"]",
                "failure_policy = \"fail_closed\"");

        assertThat(options.runtime())
                .isEqualTo(new RuntimeOptions.General(
                        Path.of("data"), Language.JAVASCRIPT, RuntimeOptions.LogLevel.WARN, Duration.ofSeconds(3)));
        assertThat(options.limits()).isEqualTo(new ScriptLimits(Duration.ofMinutes(2), 5, 64L << 20, 3));
        assertThat(options.events().drainTimeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(options.events().rateLimit()).isEqualTo(new EventSettings.RateLimit(5, 7));
        assertThat(options.events().flow())
                .isEqualTo(new FlowOptions(Overflow.REJECT, 50, Duration.ofSeconds(5), 40, null, true));
        assertThat(options.monitor())
                .isEqualTo(new MonitorSettings(Duration.ofSeconds(1), 0.5, 0.9, Duration.ofSeconds(30)));
        assertThat(options.hooks().maxDepth()).isEqualTo(4);
        assertThat(options.hooks().breaker()).isEqualTo(BreakerSettings.CONSERVATIVE);
        assertThat(options.hooks().points().get(HookPoint.BEFORE_TOOL_EXECUTION).deadline())
                .isEqualTo(Duration.ofMillis(7));
        assertThat(options.hooks().hooks().get("my.guard").failurePolicy()).isEqualTo(FailurePolicy.FAIL_CLOSED);
    }

    @Test
    void options_nothingConfigured_areTheDefaults() {
        RuntimeOptions options = options(Configuration.of(null, Map.of("LLMSPELL_NO_BUILD", "1", "PATH", "x__y")));
        RuntimeOptions unread = RuntimeOptions.ofDefaults(ScriptLimits.DEFAULT);

        assertThat(List.of(unread.runtime(), unread.storage(), unread.limits(), unread.events(), unread.hooks()))
                .isEqualTo(List.of(
                        options.runtime(), options.storage(), options.limits(), options.events(), options.hooks()));
        assertThat(unread.builtins().isEmpty()).isTrue();
        assertThat(unread.monitor()).isEqualTo(options.monitor());
        assertThat(options.runtime())
                .isEqualTo(new RuntimeOptions.General(
                        null, Language.LUA, RuntimeOptions.LogLevel.INFO, Duration.ofSeconds(10)));
        assertThat(options.limits()).isEqualTo(ScriptLimits.DEFAULT);
        assertThat(options.events()).isEqualTo(EventSettings.DEFAULT);
        assertThat(options.hooks()).isEqualTo(HookSettings.DEFAULT);
        assertThat(options.dataFolder()).isEqualTo(Path.of(".llmspell"));
        assertThat(options.store()).isEmpty();
    }

    @Test
    void state_everyOption_reachesItsReader() throws IOException {
        RuntimeOptions options = options(
                Map.of(),
                "[state]",
                "default_class = \"external\"",
                "auto_infer = false",
                "key_patterns = {\"draft:*\" = \"ephemeral\", \"customer:?\" = \"sensitive\"}",
                "max_value_bytes = \"64KiB\"",
                "cache_size = 7",
                "ephemeral_limit = 8",
                "compression_threshold = \"4KiB\"");

        Map<String, StateClass> patterns = new LinkedHashMap<>();
        patterns.put("draft:*", StateClass.EPHEMERAL);
        patterns.put("customer:?", StateClass.SENSITIVE);
        assertThat(options.state())
                .isEqualTo(new StateSettings(StateClass.EXTERNAL, false, patterns, 64 << 10, 7, 8, 4 << 10));
        assertThat(options(Configuration.of(null, Map.of("LLMSPELL_STATE__CACHE_SIZE", "9")))
                        .state()
                        .cacheSize())
                .isEqualTo(9);
        assertThat(options(Configuration.of(null, Map.of())).state()).isEqualTo(StateSettings.DEFAULT);
    }

    @Test
    void state_wrongOptions_areRefusedWithWhatWouldBeRight() throws IOException {
        assertThat(refused("[state]", "default_class = \"trusted\"")).contains("standard, sensitive");
        assertThat(refused("[state]", "default_class = \"secret\"")).contains("one of", "sensitive");
        assertThat(refused("[state.key_patterns]", "\"a*\" = \"sensitiv\"")).contains("a*", "sensitive");
        assertThat(refused("[state]", "max_value_bytes = \"2MiB\"")).contains("1048576");
        assertThat(refused("[state]", "cache_size = 0")).contains("10000000");
        assertThat(refused("[state]", "compression_threshold = \"1B\"")).contains("256");
        assertThat(refused("[state]", "cachesize = 1")).contains("cache_size");
    }

    @Test
    void storage_keyReference_isNeverRepeatedIfItIsAKey() throws IOException {
        String key = "fGwgH1PCi0hLge5hQAXjD0vngTiYxYwRpL8t/2O3idA=";
        assertThat(refused("[storage]", "backend = \"memory\"", "key_ref = \"" + key + "\""))
                .contains("env:NAME", "file:PATH")
                .doesNotContain(key);
        assertThat(refused("[storage]", "backend = \"memory\"", "key_ref = \"file:\""))
                .contains("file:PATH");
        StorageOptions unset = options(
                        Map.of(), "[storage]", "backend = \"memory\"", "key_ref = \"env:LLMSPELL_NO_SUCH_VARIABLE\"")
                .storage();
        assertThatThrownBy(unset::keys)
                .hasMessageContaining("LLMSPELL_NO_SUCH_VARIABLE")
                .hasMessageContaining("store_key_missing");
    }

    @Test
    void security_masksCarryAHashUnlessItIsSwitchedOff() throws IOException {
        String hashed = "\\[REDACTED:[0-9a-f]{12}]";
        for (RuntimeOptions options : List.of(
                RuntimeOptions.ofDefaults(ScriptLimits.DEFAULT),
                options(Map.of(), "[security]", "sensitive_names = [\"ssn\"]"))) {
            assertThat(String.valueOf(options.redactor().member("password", "tr0ub4dor")))
                    .matches(hashed);
        }
        RuntimeOptions plain = options(Map.of(), "[security]", "hash_redacted = false");
        assertThat(plain.redactor().member("password", "tr0ub4dor")).isEqualTo("[REDACTED]");
    }

    @Test
    void selective_isReadAndOffers() throws IOException {
        RuntimeOptions options = options(
                Map.of(),
                "[hooks]",
                "execution_events = true",
                "[hooks.selective]",
                "max_instantiated_hooks = 7",
                "use_lru_eviction = false",
                "preload_points = [\"ToolError\"]",
                "default_features = []",
                "collect_stats = false");

        assertThat(options.hookSection().executionEvents()).isTrue();
        assertThat(options.hookSection().selective())
                .isEqualTo(new SelectiveSettings(7, false, Set.of(HookPoint.TOOL_ERROR), List.of(), false));
        assertThat(options(Map.of(), "[hooks]").hookSection().selective()).isNull();
    }

    @Test
    void environment_setsAnyOption_andWinsOverTheFile() throws IOException {
        RuntimeOptions options = options(
                Map.of(
                        "LLMSPELL_RUNTIME__SHUTDOWN_TIMEOUT", "1m",
                        "LLMSPELL_SCRIPTS__LIMITS__MAX_INSTRUCTIONS", "77",
                        "LLMSPELL_DATA_DIR", "short",
                        "LLMSPELL_ENGINE", "lua"),
                "[runtime]",
                "shutdown_timeout = \"3s\"",
                "data_dir = \"data\"",
                "[scripts.limits]",
                "max_coroutines = 3");

        assertThat(options.runtime().shutdownTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.dataFolder()).isEqualTo(Path.of("short"));
        assertThat(options.limits().maxInstructions()).isEqualTo(77);
        assertThat(options.limits().maxCoroutines()).isEqualTo(3);
    }

    @Test
    void environment_nameOfAnOptionInTheFile_keepsItsSpelling() throws IOException {
        Configuration configuration = Configuration.of(
                file("[hooks.points.BeforeToolExecution]", "deadline = \"1s\""),
                Map.of("LLMSPELL_HOOKS__POINTS__BEFORETOOLEXECUTION__DEADLINE", "2s"));

        ConfigSection point =
                configuration.root().section("hooks").section("points").section("BeforeToolExecution");

        assertThat(point.raw("deadline")).isEqualTo("2s");
    }

    @Test
    void environment_values_haveTheTypeThatTheyLookLike() {
        ConfigSection section = Configuration.of(
                        null,
                        Map.of(
                                "LLMSPELL_X__FLAG", "true",
                                "LLMSPELL_X__WHOLE", "12",
                                "LLMSPELL_X__PART", "-0.25",
                                "LLMSPELL_X__LIST", "[\"a\", \"b\"]",
                                "LLMSPELL_X__QUOTED", "\"12\"",
                                "LLMSPELL_X__TEXT", "a = [b"))
                .root()
                .section("x");

        assertThat(section.flag("flag", false)).isTrue();
        assertThat(section.integer("whole", 0, 0, 99)).isEqualTo(12);
        assertThat(section.number("part", 0, -1, 1)).isEqualTo(-0.25);
        assertThat(section.texts("list", List.of())).containsExactly("a", "b");
        assertThat(section.text("quoted", "")).isEqualTo("12");
        assertThat(section.text("text", "")).isEqualTo("a = [b");
    }

    @Test
    void find_takesTheFirstFileOnly() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path work = Files.createDirectories(folder.resolve("work"));
        Path users = Files.createDirectories(home.resolve(".llmspell")).resolve("llmspell.toml");
        Path here = work.resolve("llmspell.toml");
        Path variable = folder.resolve("variable.toml");
        Path named = folder.resolve("named.toml");
        for (Path each : List.of(users, here, variable, named)) {
            Files.writeString(each, "[runtime]\ndata_dir = \"" + each.getFileName() + "\"\n");
        }
        Map<String, String> environment = Map.of("LLMSPELL_CONFIG", variable.toString());

        assertThat(Configuration.find(named, environment, work, home).file()).contains(named);
        assertThat(Configuration.find(null, environment, work, home).file()).contains(variable);
        assertThat(Configuration.find(null, Map.of(), work, home).file()).contains(here);
        Files.delete(here);
        assertThat(Configuration.find(null, Map.of(), work, home).file()).contains(users);
        Files.delete(users);
        assertThat(Configuration.find(null, Map.of(), work, home).file()).isEmpty();
        assertThat(Configuration.find(null, Map.of(), work, home).isEmpty()).isTrue();
        assertThat(refused(() -> Configuration.find(folder.resolve("gone"), Map.of(), work, home)))
                .endsWith("gone: there is no such file");
    }

    @Test
    void read_severalSyntaxErrors_namesEachWithLineAndColumn() throws IOException {
        assertThat(refused("[runtime]", "data_dir = = \"x\"", "ok = 1", "log_level \"info\""))
                .contains("llmspell.toml:2:12: Unexpected '='")
                .contains("llmspell.toml:4:11: Unexpected");
    }

    @Test
    void read_secretInALineThatDoesNotParse_isMasked() throws IOException {
        String key = "sk-" + "a1".repeat(30);

        assertThat(refused("key " + key)).contains(":1:5").doesNotContain(key);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [hokks]                                | :1:1: hokks: no such option, did you mean "hooks"?
            [runtime];data_dri = "x"               | :2:1: runtime.data_dri: no such option, did you mean "data_dir"?
            [runtime];log_level = "loud"           | :2:1: runtime.log_level: is "loud", but must be one of trace, debug,
            [runtime];shutdown_timeout = 5         | :2:1: runtime.shutdown_timeout: is 5, but must be a duration from 0s
            [runtime];default_engine = "perl"      | :2:1: runtime.default_engine: is "perl", but must be "lua" or
            [runtime];data_dir = ""                | :2:1: runtime.data_dir: is "", but must be the path of a folder
            runtime = 3                            | :1:1: runtime: is 3, but must be a table of options
            [scripts.limits];max_memory = "64MB"   | :2:1: scripts.limits.max_memory: is "64MB", but must be a size from
            [scripts.limits];max_coroutines = 0    | :2:1: scripts.limits.max_coroutines: is 0, but must be an integer from
            [scripts];limts = {}                   | :2:1: scripts.limts: no such option, did you mean "limits"?
            [events];drain_timeout = 2020-01-01    | :2:1: events.drain_timeout: is "2020-01-01", but must be a duration
            [hooks];max_depth = 1.5                | :2:1: hooks.max_depth: is 1.5, but must be an integer from 1 to 64
            [hooks.breaker];preset = "lax"         | :2:1: hooks.breaker.preset: is "lax", but must be one of default,
            [hooks.points.BeforeTolExecution]      | :1:1: hooks.points.BeforeTolExecution: is {}, but must be the options of
            [hooks.points.AgentError];x = 1        | :2:1: hooks.points.AgentError.x: no such option
            [hooks.selective];preload_points = ["X"] | :2:1: hooks.selective.preload_points: is [X], but must be a list of hook
            [hooks.selective];max_instances = 1    | :2:1: hooks.selective.max_instances: no such option
            [hooks.selective];max_instantiated_hooks = 0 | :2:1: hooks.selective.max_instantiated_hooks: is 0, but must
            [hooks];execution_events = "yes"       | :2:1: hooks.execution_events: is "yes", but must be true or false
            [audit];max_age = "soon"               | :2:1: audit.max_age: is "soon", but must be a duration from 0s
            [audit];max_records = 5                | :2:1: audit.max_records: no such option
            [monitor];cpu_high = 2                 | :2:1: monitor.cpu_high: is 2, but must be a number from 0
            [storage];backend = "postgres"         | :2:1: storage.backend: is "postgres", but must be one of rocksdb, memory
            [storage];write_mode = "fast"          | :2:1: storage.write_mode: is "fast", but must be one of durable, buffered
            [storage];backend = "memory";write_mode = "durable" | :3:1: storage.write_mode: no such option
            [storage];backend = "memory";block_cache = 1 | :3:1: storage.block_cache: no such option
            [tools];level = "high"                 | :2:1: tools.level: is "high", but must be one of safe, restricted, privileged
            [tools];cash = true                    | :2:1: tools.cash: no such option, did you mean "cache"
            [tools.calculator];cache = 1           | :2:1: tools.calculator.cache:
            a.b = 1;a.b = 2                        | :2:1: a.b previously defined at line 1, column 1
            """)
    void options_mistake_namesFileLineOptionAndWhatWouldBeRight(String lines, String text) throws IOException {
        assertThat(refused(lines.split(";"))).startsWith(folder.resolve("llmspell.toml") + text);
    }

    @Test
    void options_mistakeInAVariable_namesTheVariable() {
        assertThat(refused(() -> options(Configuration.of(null, Map.of("LLMSPELL_HOOKS__MAX_DPTH", "3")))))
                .isEqualTo("LLMSPELL_HOOKS__MAX_DPTH: hooks.max_dpth: no such option, did you mean \"max_depth\"?");
        assertThat(refused(() -> options(Configuration.of(null, Map.of("LLMSPELL_HOOKS__MAX_DEPTH", "3s")))))
                .isEqualTo("LLMSPELL_HOOKS__MAX_DEPTH: hooks.max_depth: is \"3s\", but must be a number");
        assertThat(refused(() -> Configuration.of(null, Map.of("LLMSPELL_HOOKS__", "3"))))
                .startsWith("LLMSPELL_HOOKS__: names no option");
        assertThat(refused(() -> Configuration.of(null, Map.of("LLMSPELL_A__B", "[1"))))
                .startsWith("LLMSPELL_A__B:1:");
    }

    @Test
    void read_whatIsNoTextFile_isRefused() throws IOException {
        Path wrong = folder.resolve("wrong.toml");

        assertThat(refused(() -> Configuration.read(folder))).contains("is a folder");
        Files.write(wrong, new byte[] {'a', (byte) 0xFF});
        assertThat(refused(() -> Configuration.read(wrong))).endsWith("is no UTF-8 text");
        Files.write(wrong, new byte[(1 << 20) + 1]);
        assertThat(refused(() -> Configuration.read(wrong))).contains("at most 1048576 are allowed");
        Files.writeString(wrong, "a = " + "[".repeat(100_000));
        assertThat(refused(() -> Configuration.read(wrong))).contains("nested too deep");
        Files.writeString(wrong, "\uFEFF[runtime]\n");
        assertThat(Configuration.of(wrong, Map.of()).isEmpty()).isFalse();
    }

    @Test
    void place_ofAnOptionInAList_isThatOfItsElement() throws IOException {
        ConfigSection root = Configuration.of(file("[[rules]]", "name = \"a\"", "[[rules]]", "  name = 3"), Map.of())
                .root();

        assertThat(refused(() -> root.sections("rules").get(1).text("name", "")))
                .endsWith("llmspell.toml:4:3: rules[1].name: is 3, but must be a text");
        assertThat(refused(() -> {
                    throw root.sections("rules").get(1).wrong("points", "set");
                }))
                .contains("llmspell.toml:3:1: rules[1].points");
    }

    @Test
    void store_backEndThatIsNotThere_namesTheArtifact() throws IOException {
        Configuration configuration = Configuration.of(file("[storage]", "backend = \"rocksdb\""), Map.of());

        ConfigException missing = catchThrowableOfType(ConfigException.class, () -> options(configuration));

        assertThat(missing.code()).isEqualTo(ErrorCode.MISSING_ARTIFACT);
        assertThat(missing.text()).contains("io.llmspell:llmspell-storage-rocksdb");
    }

    @Test
    void store_memory_isNotPersistent() throws IOException {
        RuntimeOptions options =
                options(Map.of(), "[storage]", "backend = \"memory\"", "[runtime]", "data_dir = \"x\"");

        assertThat(options.storage().persistent()).isFalse();
        assertThat(options.store()).isEmpty();
        assertThat(options.storage().at(folder, false)).isNotNull();
    }
}
