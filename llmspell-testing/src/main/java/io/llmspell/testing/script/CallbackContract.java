package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.script.ScriptCallback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Functions of a script that the host calls. */
interface CallbackContract extends ScriptEngineFixture {
    /** A function called while its script calls the host runs inside that call. */
    @Test
    default void callback_fromTheScriptItself_runsInside() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.run(keep("a", dialect().result("a + 1")), dialect().result("Probe.call(1000, 4)")))
                    .isEqualTo(5L);
        }
    }

    /** A function may be called again while it runs. */
    @Test
    default void callback_callingItself_isReentrant() {
        try (Bench bench = Bench.open(this)) {
            bench.run(
                    dialect().let("depth", "0"),
                    keep(
                            "a",
                            "depth = depth + 1",
                            dialect().when("depth < 5", "Probe.call(1000)"),
                            dialect().result("depth")),
                    "Probe.call(1000)");
            assertThat(bench.kept().call(bench.caller(), Bench.LONG)).isEqualTo(6L);
        }
    }

    /** A function that went through the host is the same function. */
    @Test
    default void callback_givenBack_isTheFunction() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.run(
                            dialect().let("f", dialect().function("", dialect().result("1"))),
                            dialect().result(dialect().same("Probe.echo(f)", "f"))))
                    .isEqualTo(true);
        }
    }

    /** An idle engine is adopted by the thread that calls. */
    @Test
    default void callback_ofAnIdleEngine_runsOnTheCallingThread() {
        try (Bench bench = Bench.open(this)) {
            bench.run(keep("a", dialect().result("a + 1")));
            assertThat(bench.elsewhere(() -> bench.kept().call(bench.stranger(), Bench.LONG, 1L))
                            .end())
                    .isEqualTo(2L);
            assertThat(bench.kept().call(bench.caller(), Bench.LONG, 2L)).isEqualTo(3L);
        }
    }

    /** A script that waits serves calls from elsewhere. */
    @Test
    default void callback_whileTheOwnerWaits_isServed() {
        try (Bench bench = Bench.open(this)) {
            Job<@Nullable Object> script = bench.elsewhere(() -> bench.run(
                    keep("a", dialect().result("a + 1")),
                    dialect().let("w", dialect().waiting("Probe.wait()")),
                    dialect().result("w")));
            Probe.awaitLatch(bench.probe.waiting);
            assertThat(bench.kept().call(bench.stranger(), Bench.LONG, 1L)).isEqualTo(2L);
            CompletionStage<@Nullable Object> posted = bench.kept().post(bench.stranger(), Bench.LONG, 2L);
            assertThat(new Job<>(posted, bench.blocking(), Awaiter.NO_DEADLINE).end())
                    .isEqualTo(3L);
            bench.probe.open();
            assertThat(script.end()).isEqualTo("opened");
        }
    }

    /** A call that the script had no time for did not start, and says so. */
    @Test
    default void callback_whileTheOwnerIsBusy_couldNotStart() {
        try (Bench bench = Bench.open(this)) {
            Job<@Nullable Object> script =
                    bench.elsewhere(() -> bench.run(keep("", dialect().print("\"ran\"")), "Probe.block()"));
            Probe.awaitLatch(bench.probe.busy);
            assertThatThrownBy(() -> bench.kept().call(bench.stranger(), Duration.ofMillis(20)))
                    .isInstanceOf(LimitException.class)
                    .hasMessageContaining("could not start")
                    .extracting(e -> ((LlmSpellException) e).code())
                    .isEqualTo(ErrorCode.TIMEOUT);
            bench.probe.open();
            script.end();
            assertThat(bench.output()).isEmpty();
        }
    }

    /** A call that waited runs when the script has ended. */
    @Test
    default void callback_queuedWhileBusy_runsAfterTheScript() {
        try (Bench bench = Bench.open(this)) {
            Job<@Nullable Object> script =
                    bench.elsewhere(() -> bench.run(keep("a", dialect().result("a")), "Probe.block()"));
            Probe.awaitLatch(bench.probe.busy);
            Job<@Nullable Object> call =
                    bench.elsewhere(() -> bench.kept().call(bench.stranger(), Bench.LONG, "queued"));
            bench.probe.open();
            assertThat(call.end()).isEqualTo("queued");
            script.end();
        }
    }

    /** A function of a closed engine is refused. */
    @Test
    default void callback_ofAClosedEngine_isRefused() {
        try (Bench bench = Bench.open(this)) {
            bench.run(keep("", dialect().print("\"ran\"")));
            ScriptCallback kept = bench.kept();
            bench.engine.close();
            assertCode(ErrorCode.ENGINE_CLOSED, () -> kept.call(bench.caller(), Bench.LONG));
            assertCode(ErrorCode.ENGINE_CLOSED, () -> kept.post(bench.caller(), Bench.LONG));
            assertThat(bench.output()).isEmpty();
        }
    }

    /** A function that fails gives a script error with the code behind it. */
    @Test
    default void callback_thatFails_isAScriptErrorWithItsCause() {
        try (Bench bench = Bench.open(this)) {
            bench.run("", keep("", "Probe.fail()"));
            assertThatThrownBy(() -> bench.kept().call(bench.caller(), Bench.LONG))
                    .isInstanceOfSatisfying(LlmSpellException.class, failed -> {
                        assertThat(failed.code()).isEqualTo(ErrorCode.SCRIPT_ERROR);
                        assertThat(failed.details()).containsEntry("code", "state_conflict");
                    });
            assertThat(bench.kept().place()).isEqualTo(dialect().file() + ":2");
        }
    }

    /** A function that does not end is cut; its script goes on. */
    @Test
    default void callback_withoutEnd_isCut_andTheScriptGoesOn() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.run(keep("", dialect().endless()), dialect().failure("Probe.call(30)", "code")))
                    .isEqualTo("hook_timeout");
            assertThat(bench.value("1 + 1")).isEqualTo(2L);
            assertCode(ErrorCode.HOOK_TIMEOUT, () -> bench.kept().call(bench.caller(), Duration.ofMillis(30)));
        }
    }

    /** A function cannot catch its end. */
    @Test
    default void callback_thatCatchesItsEnd_isCutAllTheSame() {
        try (Bench bench = Bench.open(this)) {
            bench.run(keep("", dialect().stubborn(dialect().endless())));
            assertCode(ErrorCode.HOOK_TIMEOUT, () -> bench.kept().call(bench.caller(), Duration.ofMillis(30)));
        }
    }

    /** A function that waits for the host is cut too. */
    @Test
    default void callback_thatWaitsTooLong_isCut() {
        try (Bench bench = Bench.open(this)) {
            bench.run(keep("", dialect().result(dialect().waiting("Probe.wait()"))));
            assertCode(ErrorCode.HOOK_TIMEOUT, () -> bench.kept().call(bench.caller(), Duration.ofMillis(30)));
        }
    }

    /** Functions of one engine run one at a time. */
    @Test
    default void callbacks_fromManyThreads_runOneAtATime() {
        try (Bench bench = Bench.open(this)) {
            bench.run(
                    dialect().let("count", "0"),
                    keep("", "count = count + 1", dialect().result("count")));
            List<Job<@Nullable Object>> jobs = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                jobs.add(bench.elsewhere(() -> {
                    for (int k = 0; k < 250; k++) {
                        bench.kept().call(bench.stranger(), Bench.LONG);
                    }
                    return null;
                }));
            }
            jobs.forEach(Job::end);
            assertThat(bench.kept().call(bench.caller(), Bench.LONG)).isEqualTo(1001L);
        }
    }

    /** The engine's awaiter just waits on other threads. */
    @Test
    default void awaiter_ofTheEngine_onAnotherThread_justWaits() {
        try (Bench bench = Bench.open(this)) {
            assertThat(bench.engine.isOwner()).isFalse();
            bench.probe.open();
            assertThat(bench.engine.awaiter().await(bench.probe.wait, Awaiter.NO_DEADLINE, Cancellation.none()))
                    .isEqualTo("opened");
        }
    }

    private String keep(String parameters, String... statements) {
        return "Probe.keep(" + dialect().function(parameters, statements) + ")";
    }

    private static void assertCode(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }
}
