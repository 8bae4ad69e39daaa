package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The end of an engine. */
interface EndContract extends ScriptEngineFixture {
    /** Closing stops a script that runs. */
    @Test
    default void close_whileTheScriptRuns_stopsIt() {
        try (Bench bench = Bench.open(this)) {
            String started = "Probe.keep(" + dialect().function("", dialect().result("1")) + ")";
            Job<@Nullable Object> script = bench.elsewhere(() -> bench.run(
                    started,
                    "Probe.own(\"handle\")",
                    "Probe.signal()",
                    dialect().endless()));
            Probe.awaitLatch(bench.probe.waiting);
            bench.engine.close();
            assertEnded(script);
            assertThat(bench.probe.closed).containsExactly("handle");
        }
    }

    /** Closing stops a script that waits. */
    @Test
    default void close_whileTheScriptWaits_stopsIt() {
        try (Bench bench = Bench.open(this)) {
            Job<@Nullable Object> script = bench.elsewhere(() ->
                    bench.run(dialect().stubborn(dialect().let("w", dialect().waiting("Probe.wait()")))));
            Probe.awaitLatch(bench.probe.waiting);
            bench.engine.close();
            assertEnded(script);
        }
    }

    /** Closing stops a function that the host called. */
    @Test
    default void close_whileACallbackRuns_stopsIt() {
        try (Bench bench = Bench.open(this)) {
            bench.run("Probe.keep("
                    + dialect().function("", "Probe.signal()", dialect().endless()) + ")");
            Job<@Nullable Object> call = bench.elsewhere(() -> bench.kept().call(bench.stranger(), Bench.LONG));
            Probe.awaitLatch(bench.probe.waiting);
            bench.engine.close();
            assertEnded(call);
        }
    }

    /** Closing refuses the calls that wait. */
    @Test
    default void close_withQueuedCalls_refusesThem() {
        try (Bench bench = Bench.open(this)) {
            Job<@Nullable Object> script = bench.elsewhere(() -> bench.run(
                    "Probe.keep(" + dialect().function("", dialect().print("\"ran\"")) + ")", "Probe.block()"));
            Probe.awaitLatch(bench.probe.busy);
            Job<@Nullable Object> call = bench.elsewhere(() -> bench.kept().call(bench.stranger(), Bench.LONG));
            bench.engine.close();
            assertEnded(call);
            bench.probe.open();
            assertEnded(script);
            assertThat(bench.output()).isEmpty();
        }
    }

    /** Closing twice is fine. */
    @Test
    default void close_twice_isFine() {
        try (Bench bench = Bench.open(this)) {
            bench.value("1");
            bench.engine.close();
            bench.engine.close();
            assertThat(bench.engine.isOwner()).isFalse();
        }
    }

    /** Two engines share nothing. */
    @Test
    default void engines_shareNothing() {
        try (Bench one = Bench.open(this);
                Bench other = Bench.open(this)) {
            one.run("Probe.extra = 1", dialect().let("mine", "2"));
            assertThat(one.engine.session().id())
                    .isNotEqualTo(other.engine.session().id());
            assertThat(other.value("Probe.extra")).isNull();
            one.engine.close();
            assertThat(other.value("5")).isEqualTo(5L);
        }
    }

    private static void assertEnded(Job<@Nullable Object> job) {
        assertThatThrownBy(job::end)
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.ENGINE_CLOSED));
    }
}
