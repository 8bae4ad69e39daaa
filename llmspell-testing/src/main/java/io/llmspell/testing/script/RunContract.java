package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.script.ScriptException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Running a script: its result, its output, its errors. */
interface RunContract extends ScriptEngineFixture {
    /** What a script returns is the result of the run. */
    @Test
    default void run_result_isGivenBack() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value("7")).isEqualTo(7L);
        }
    }

    /** A script that returns nothing gives null. */
    @Test
    default void run_noResult_givesNull() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.run(dialect().let("x", "1"))).isNull();
        }
    }

    /** An engine runs one script after the other. */
    @Test
    default void run_secondScript_findsNothingOfTheFirst() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value("1")).isEqualTo(1L);
            assertThat(bench.value("2")).isEqualTo(2L);
        }
    }

    /** What a script prints goes to the output, as UTF-8. */
    @Test
    default void print_text_goesToTheOutput() {
        try (Bench bench = Bench.open(this)) {
            bench.run(dialect().print("\"grüße 😀\""), dialect().print("12"));
            assertThat(bench.output()).isEqualTo("grüße 😀\n12\n");
        }
    }

    /** A script finds its arguments. */
    @Test
    default void arguments_ofTheRun_areThere() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.value(
                            dialect().concat(dialect().argument(1), dialect().argument(2))))
                    .isEqualTo("onetwo");
        }
    }

    /** A script that does not parse is refused with the place and the line itself. */
    @Test
    default void syntaxError_givesFileLineAndSource() {
        try (Bench bench = Bench.open(this)) {
            ScriptException failed = catchThrowableOfType(
                    ScriptException.class,
                    () -> bench.run(dialect().let("x", "1"), dialect().syntaxError()));
            assertThat(failed.code()).isEqualTo(ErrorCode.SYNTAX_ERROR);
            assertThat(failed.details())
                    .containsEntry("file", dialect().file())
                    .containsEntry("line", 2L)
                    .containsEntry("source", dialect().syntaxError());
            assertThat(failed.text()).contains(dialect().file() + ":2");
            assertThat(bench.output()).isEmpty();
        }
    }

    /** An error of a script tells the place and the script's own calls, nothing of Java. */
    @Test
    default void scriptError_givesFileLineAndScriptStack() {
        try (Bench bench = Bench.open(this)) {
            ScriptException failed = catchThrowableOfType(
                    ScriptException.class,
                    () -> bench.run(
                            dialect()
                                    .let(
                                            "fail",
                                            dialect().function("", dialect().raise("it broke"))),
                            "",
                            "fail()",
                            dialect().let("last", "1")));
            assertThat(failed.code()).isEqualTo(ErrorCode.SCRIPT_ERROR);
            assertThat(failed.text()).contains("it broke");
            assertThat(failed.details()).containsEntry("file", dialect().file()).containsEntry("line", 1L);
            assertThat(String.join("\n", failed.scriptStack()))
                    .contains(dialect().file() + ":1")
                    .contains(dialect().file() + ":3");
            assertNothingOfJava(failed);
        }
    }

    /** An error of the host that a script does not catch keeps its code and is the cause. */
    @Test
    default void hostError_uncaught_keepsItsCodeAndCause() {
        try (Bench bench = Bench.open(this)) {
            ScriptException failed = catchThrowableOfType(ScriptException.class, () -> bench.run("", "Probe.fail()"));
            assertThat(failed.code()).isEqualTo(ErrorCode.SCRIPT_ERROR);
            assertThat(failed.details()).containsEntry("code", "state_conflict").containsEntry("line", 2L);
            assertThat(failed)
                    .cause()
                    .isInstanceOfSatisfying(
                            LlmSpellException.class,
                            cause -> assertThat(cause.code()).isEqualTo(ErrorCode.STATE_CONFLICT));
            assertNothingOfJava(failed);
        }
    }

    /** An error of the host that a script catches has the members of the reference. */
    @Test
    default void hostError_caught_showsItsMembers() {
        try (Bench bench = Bench.open(this)) {
            Map.of(
                            "code",
                            "state_conflict",
                            "message",
                            "the test wants it so",
                            "retryable",
                            true,
                            "correlation_id",
                            Bench.RUN.text())
                    .forEach((member, value) -> assertThat(bench.run(dialect().failure("Probe.fail()", member)))
                            .as(member)
                            .isEqualTo(value));
        }
    }

    /** An error without a code is internal, and its text stays in the house. */
    @Test
    default void hostError_ofNoCode_isInternalAndTellsNothing() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.run(dialect().failure("Probe.crash()", "code"))).isEqualTo("internal");
            assertThat(bench.run(dialect().failure("Probe.crash()", "message")))
                    .asString()
                    .doesNotContain("secret");
        }
    }

    /** A closed engine runs nothing. */
    @Test
    default void run_onAClosedEngine_isRefused() {
        try (Bench bench = Bench.open(this)) {
            bench.engine.close();
            assertThatThrownBy(() -> bench.value("1"))
                    .isInstanceOfSatisfying(
                            ScriptException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED));
        }
    }

    private static void assertNothingOfJava(ScriptException failed) {
        assertThat(failed.text() + failed.scriptStack())
                .doesNotContain(".java")
                .doesNotContain("io.llmspell")
                .doesNotContain("Exception");
    }
}
