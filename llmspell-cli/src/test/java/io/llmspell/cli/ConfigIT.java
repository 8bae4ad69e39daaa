package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code llmspell.toml} and the environment do to the runner. */
class ConfigIT {
    @RegisterExtension
    static final ServedRunner SERVED = new ServedRunner();

    private final Path folder = SERVED.folder();

    private void config(String... lines) throws IOException {
        Files.writeString(folder.resolve("llmspell.toml"), String.join("\n", lines) + "\n");
    }

    private Runner.Result exec(String script, String... options) {
        List<String> arguments = new ArrayList<>(List.of("exec"));
        arguments.addAll(List.of(options));
        arguments.add(script);
        return SERVED.run(arguments.toArray(String[]::new));
    }

    @Test
    void dataDir_commandLineOverEnvironmentOverFile() throws IOException {
        config("[runtime]", "data_dir = \"file\"");

        exec("State.set('k', 1)");
        Runner.in(folder).environment("LLMSPELL_DATA_DIR", "variable").run("exec", "State.set('k', 2)");
        Runner.in(folder)
                .environment("LLMSPELL_DATA_DIR", "variable")
                .run("exec", "--data-dir", "option", "State.set('k', 3)");

        assertThat(folder.resolve(".llmspell")).doesNotExist();
        assertThat(exec("print(State.get('k'))", "--data-dir", "file").out()).isEqualTo("1\n");
        assertThat(exec("print(State.get('k'))", "--data-dir", "variable").out())
                .isEqualTo("2\n");
        assertThat(exec("print(State.get('k'))", "--data-dir", "option").out()).isEqualTo("3\n");
    }

    @Test
    void configOption_namesTheFile_andNoOtherCounts() throws IOException {
        config("[runtime]", "data_dir = \"not-this\"");
        Files.writeString(folder.resolve("other.toml"), "[storage]\nbackend = \"memory\"\n");

        Runner.Result result = exec("State.set('k', 1) print(State.get('k'))", "--config", "other.toml");

        assertThat(result.out()).isEqualTo("1\n");
        assertThat(result.err()).isEmpty();
        assertThat(folder.resolve("not-this")).doesNotExist();
        assertThat(folder.resolve(".llmspell")).doesNotExist();
    }

    @Test
    void storageOptions_reachTheStore() throws IOException {
        config("[storage]", "block_cache = \"4MiB\"", "write_buffer = \"2MiB\"");

        assertThat(exec("State.set('k', 1)").exit()).isZero();
        assertThat(exec("print(State.get('k'))").out()).isEqualTo("1\n");
    }

    @Test
    void scriptLimits_areThoseOfTheFile_unlessTheCommandLineSaysOthers() throws IOException {
        config("[scripts.limits]", "max_instructions = 100000");

        Runner.Result limited = exec("while true do end");
        Runner.Result lifted = exec("for i = 1, 200000 do end print('done')", "--max-instructions", "0");

        assertThat(limited.exit()).isEqualTo(124);
        assertThat(limited.err()).contains("max_instructions = 100000");
        assertThat(lifted.out()).isEqualTo("done\n");
    }

    @Test
    void toolCache_byName_givesResultsAgain() throws IOException {
        config("[tools.counter]", "cache = true");

        Runner.Result result = exec("""
                local runs = 0
                local tool = Tool.register({name = 'counter', description = 'Counts.', parameters = {},
                  execute = function() runs = runs + 1 return {n = runs} end})
                local first, again = tool{}, tool{}
                print(first.output, again.output, again.metadata.cached, runs)
                """);

        assertThat(result.out()).isEqualTo("1\t1\ttrue\t1\n");
    }

    @Test
    void logLevel_hidesAndShowsWhatScriptsLog() throws IOException {
        assertThat(exec("Logger.debug('fine') Logger.info('plain') Logger.warn('odd')")
                        .err())
                .contains("plain", "odd")
                .doesNotContain("fine");
        config("[runtime]", "log_level = \"warn\"");
        assertThat(exec("Logger.info('plain') Logger.warn('odd')").err())
                .contains("odd")
                .doesNotContain("plain");
        config("[runtime]", "log_level = \"debug\"");
        assertThat(exec("Logger.debug('fine')").err()).contains("fine");
    }

    @Test
    void builtinHook_enabledInTheFile_works() throws IOException {
        config("[hooks.logging]", "enabled = true", "points = [\"BeforeToolExecution\"]");

        Runner.Result result = exec("print(Tool.calculator({input = '1'}).output, Hook.is_builtin_enabled('logging'))");

        assertThat(result.out()).isEqualTo("1\ttrue\n");
        assertThat(result.err()).contains("BeforeToolExecution", "calculator");
        assertThat(SERVED.run("hooks", "list").out())
                .containsPattern("BeforeToolExecution +logging +system .* enabled +closed +1 +0 ");
    }

    @Test
    void defaultEngine_thatIsNotThere_namesTheArtifact_butAFileSaysItsLanguage() throws IOException {
        config("[runtime]", "default_engine = \"javascript\"");
        Files.writeString(folder.resolve("s.lua"), "print('lua')");

        Runner.Result exec = exec("1");
        Runner.Result run = SERVED.run("run", "s.lua");

        assertThat(exec.exit()).as(exec.err()).isEqualTo(3);
        assertThat(exec.err()).contains("io.llmspell:llmspell-bridge-js", "[missing_artifact]");
        assertThat(run.out()).isEqualTo("lua\n");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "a line that is no TOML", "[runtime]\ndata_dir = = 1\n", "llmspell.toml:2:12: Unexpected '='"),
                Arguments.of(
                        "an unknown option",
                        "[runtime]\nlog_levle = \"info\"\n",
                        "llmspell.toml:2:1: runtime.log_levle: no such option, did you mean \"log_level\"\\?"),
                Arguments.of(
                        "an unknown section",
                        "[script.limits]\ntimeout = \"1s\"\n",
                        "llmspell.toml:1:1: script: no such option, did you mean \"scripts\"\\?"),
                Arguments.of(
                        "a value out of range",
                        "[hooks]\nmax_depth = 0\n",
                        "llmspell.toml:2:1: hooks.max_depth: is 0, but must be an integer from 1 to 64"),
                Arguments.of(
                        "an unknown built-in hook",
                        "[hooks.loging]\nenabled = true\n",
                        "llmspell.toml:1:1: hooks.loging: no such option, did you mean \"logging\"\\?"),
                Arguments.of(
                        "an unknown option of a built-in hook",
                        "[hooks.logging]\nenabled = true\nlevle = \"info\"\n",
                        "llmspell.toml:3:1: hooks.logging.levle: no such option, did you mean \"level\"\\?"),
                Arguments.of(
                        "an unknown hook of state",
                        "[state]\nhooks = [\"state_validation\", \"state_adit\"]\n",
                        "llmspell.toml:2:1: state.hooks: is .*state_audit.*did you mean \"state_audit\"\\?"),
                Arguments.of(
                        "a rule of state without a schema that can be read",
                        "[[hooks.state_validation.rules]]\nkeys = \"a\"\nschema = { type = \"nmber\" }\n",
                        "hooks.state_validation.rules\\[0\\].schema: is "),
                Arguments.of(
                        "a time without unit",
                        "[events]\ndrain_timeout = 5\n",
                        "llmspell.toml:2:1: events.drain_timeout: is 5, but must be a duration .* such as \"250ms\""),
                Arguments.of(
                        "a cache that is too small",
                        "[storage]\nblock_cache = \"1KiB\"\n",
                        "llmspell.toml:2:1: storage.block_cache: is \"1KiB\", but must be a size from 1048576"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void mistake_isSaidWithFileLineAndWhatWouldBeRight(String name, String toml, String text) throws IOException {
        Files.writeString(folder.resolve("llmspell.toml"), toml);

        Runner.Result result = exec("print(1)");

        assertThat(result.exit()).as(result.err()).isEqualTo(2);
        assertThat(result.err())
                .containsPattern(text)
                .contains("[invalid_config]")
                .doesNotContain("Exception", "\tat ");
        assertThat(result.out()).isEmpty();
        assertThat(folder.resolve(".llmspell")).doesNotExist();
    }

    @Test
    void mistakeInAVariable_namesTheVariable() {
        Runner.Result result =
                Runner.in(folder).environment("LLMSPELL_HOOKS__MAX_DPTH", "3").run("exec", "print(1)");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("LLMSPELL_HOOKS__MAX_DPTH", "did you mean \"max_depth\"?");
    }

    @Test
    void configFileThatIsNotThere_isSaid() {
        Runner.Result option = exec("print(1)", "--config", "gone.toml");
        Runner.Result variable =
                Runner.in(folder).environment("LLMSPELL_CONFIG", "gone.toml").run("exec", "print(1)");

        assertThat(option.exit()).isEqualTo(2);
        assertThat(option.err()).contains("gone.toml: there is no such file [invalid_config]");
        assertThat(variable.exit()).isEqualTo(2);
        assertThat(variable.err()).contains("gone.toml: there is no such file [invalid_config]");
    }
}
