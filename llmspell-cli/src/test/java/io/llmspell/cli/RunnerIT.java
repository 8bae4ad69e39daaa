package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the runner does for a user, from the command line to the exit code. */
class RunnerIT {
    @TempDir
    private Path folder;

    @Test
    void exec_print_isOnStandardOutputAlone() {
        Runner.Result result = Runner.in(folder).run("exec", "print(1)");

        assertThat(result.out()).isEqualTo("1\n");
        assertThat(result.err()).isEqualTo("llmspell: made a new store in .llmspell\n");
        assertThat(result.exit()).isZero();
    }

    @Test
    void exec_secondRun_findsTheStateOfTheFirstAndSaysNothing() {
        Runner.in(folder).run("exec", "State.set('k', {n = 1, list = {1, 2}})");

        Runner.Result second = Runner.in(folder).run("exec", "local k = State.get('k') print(k.n, #k.list, k.list[2])");

        assertThat(second.out()).isEqualTo("1\t2\t2\n");
        assertThat(second.err()).isEmpty();
    }

    @Test
    void dataDir_optionAndEnvironment_chooseTheFolder() {
        Runner.in(folder).run("exec", "--data-dir", "one", "State.set('k', 'one')");
        Runner.in(folder).environment("LLMSPELL_DATA_DIR", "two").run("exec", "State.set('k', 'two')");

        assertThat(Runner.in(folder)
                        .run("exec", "--data-dir", "two", "print(State.get('k'))")
                        .out())
                .isEqualTo("two\n");
        assertThat(Runner.in(folder)
                        .environment("LLMSPELL_DATA_DIR", "one")
                        .run("exec", "print(State.get('k'))")
                        .out())
                .isEqualTo("one\n");
        assertThat(folder.resolve(".llmspell")).doesNotExist();
    }

    @Test
    void run_arguments_reachTheScriptAsTheyAre() throws IOException {
        Files.writeString(folder.resolve("a b.lua"), "print(arg[0], #ARGS, ARGS[1], ARGS[2], ARGS[3])");

        Runner.Result result = Runner.in(folder).run("run", "a b.lua", "x y", "--help", "ä😀");

        assertThat(result.out()).isEqualTo("a b.lua\t3\tx y\t--help\tä😀\n");
    }

    @Test
    void run_dash_readsTheScriptFromStandardInput() {
        assertThat(Runner.in(folder)
                        .input("print('from stdin')")
                        .run("run", "-")
                        .out())
                .isEqualTo("from stdin\n");
    }

    @Test
    void help_namesCommandsAndExitCodes_withoutAStore() {
        Runner.Result result = Runner.in(folder).run("--help");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("run", "exec", "version", "124");
        assertThat(folder.resolve(".llmspell")).doesNotExist();
    }

    @Test
    void version_saysLlmSpellAndJava() {
        assertThat(Runner.in(folder).run("version").out()).matches("llmspell \\d+\\.\\d+\\.\\d+\\S* \\(Java .+\\)\n");
    }

    @Test
    void terminated_whileAScriptRuns_endsWith143AndKeepsTheStore() throws Exception {
        Files.writeString(folder.resolve("s.lua"), "State.set('k', 'kept')\nprint('ready')\nEvent.run(60)\n");
        Process process = Runner.in(folder).start("run", "s.lua");
        byte[] ready = process.getInputStream().readNBytes("ready\n".length());

        process.destroy();

        assertThat(new String(ready, java.nio.charset.StandardCharsets.UTF_8)).isEqualTo("ready\n");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Runner.in(folder).run("exec", "print(State.get('k'))").out()).isEqualTo("kept\n");
    }

    @Test
    void log_ofAScript_goesToStandardErrorWithSecretsMasked() {
        Runner.Result result =
                Runner.in(folder).run("exec", "Logger.warn('careful', {api_key = 'abc', n = 1}) print('out')");

        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).contains("careful", "[REDACTED:").doesNotContain("abc");
    }
}
