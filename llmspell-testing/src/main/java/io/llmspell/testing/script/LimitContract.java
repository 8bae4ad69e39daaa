package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.script.ScriptLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How much a script may use: what is over ends it, whatever it catches. */
interface LimitContract extends ScriptEngineFixture {
    /** Too many instructions end a script. */
    @Test
    default void instructions_beyondTheLimit_endTheScript() {
        assertEnds(new ScriptLimits(Bench.LONG, 200_000, 0, 16), dialect().endless(), "max_instructions");
        assertEnds(
                new ScriptLimits(Bench.LONG, 200_000, 0, 16),
                dialect().stubborn(dialect().endless()),
                "max_instructions");
    }

    /** Too much time ends a script. */
    @Test
    default void time_beyondTheLimit_endsTheScript() {
        ScriptLimits limits = new ScriptLimits(Duration.ofMillis(50), 0, 0, 16);
        assertEnds(limits, dialect().endless(), "timeout");
        assertEnds(limits, dialect().stubborn(dialect().endless()), "timeout");
    }

    /** Too much time ends a script that waits. */
    @Test
    default void time_beyondTheLimit_endsAWaitForTheHost() {
        ScriptLimits limits = new ScriptLimits(Duration.ofMillis(50), 0, 0, 16);
        assertEnds(limits, dialect().let("w", dialect().waiting("Probe.wait()")), "timeout");
        assertEnds(limits, dialect().stubborn(dialect().let("w", dialect().waiting("Probe.wait()"))), "timeout");
    }

    /** Too much memory ends a script. */
    @Test
    default void memory_beyondTheLimit_endsTheScript() {
        ScriptLimits limits = new ScriptLimits(Bench.LONG, 0, 4 << 20, 16);
        assertEnds(limits, dialect().hoard(), "max_memory");
        assertEnds(limits, dialect().stubborn(dialect().hoard()), "max_memory");
    }

    /** What a script no longer holds does not count. */
    @Test
    default void memory_freedByTheScript_doesNotCount() {
        try (Bench bench = Bench.open(this, new ScriptLimits(Bench.LONG, 0, 8 << 20, 16))) {
            for (int i = 0; i < 6; i++) {
                bench.run(dialect().let("list", dialect().array()), dialect().fill("list", 4));
            }
        }
    }

    /** What a function captures counts while the host keeps the function. */
    @Test
    default void memory_capturedByARetainedFunction_counts() {
        try (Bench bench = Bench.open(this, new ScriptLimits(Bench.LONG, 0, 8 << 20, 16))) {
            String capturing = String.join(
                    "\n",
                    dialect().let("list", dialect().array()),
                    dialect().fill("list", 5),
                    "Probe.retain(" + dialect().function("", dialect().result("list")) + ")");
            String filling = dialect()
                    .function(
                            "",
                            dialect().let("more", dialect().array()),
                            dialect().fill("more", 5));
            bench.run(dialect().scope(capturing), "Probe.keep(" + filling + ")");
            assertThatThrownBy(() -> bench.kept().call(bench.caller(), Bench.LONG))
                    .isInstanceOf(LimitException.class);
        }
    }

    /** What a function captured is free when the host has forgotten the function. */
    @Test
    default void memory_capturedByAFunctionThatTheHostForgot_isFree() {
        try (Bench bench = Bench.open(this, new ScriptLimits(Bench.LONG, 0, 8 << 20, 16))) {
            String capturing = String.join(
                    "\n",
                    dialect().let("list", dialect().array()),
                    dialect().fill("list", 5),
                    "Probe.retain(" + dialect().function("", dialect().result("list")) + ")");
            String filling = dialect()
                    .function(
                            "",
                            dialect().let("more", dialect().array()),
                            dialect().fill("more", 5));
            bench.run(dialect().scope(capturing), "Probe.keep(" + filling + ")");
            bench.probe.forget();
            assertThat(bench.kept().call(bench.caller(), Bench.LONG)).isNull();
        }
    }

    private void assertEnds(ScriptLimits limits, String statement, String limit) {
        try (Bench bench = Bench.open(this, limits)) {
            assertThatThrownBy(() -> bench.run(statement, dialect().print("\"went on\"")))
                    .isInstanceOfSatisfying(LimitException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
                        assertThat(e.details().get("limit")).asString().contains(limit);
                    });
            assertThat(bench.output()).isEmpty();
        }
    }
}
