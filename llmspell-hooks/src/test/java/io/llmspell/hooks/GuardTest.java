package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.testing.hook.RecordingHook;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing passes a fail-closed hook by. */
class GuardTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static Hook refusing(String text) {
        return context -> text.equals(context.data()) ? HookResult.cancel("no " + text) : HookResult.proceed();
    }

    @Test
    void guard_inputChangedLater_isAskedAgainAndRefuses() {
        rig.guard(Rig.FIRST, "guard", refusing("evil"));
        rig.open(Rig.BEFORE, "changer", context -> HookResult.modified("evil"));

        assertThat(rig.call("in")).isEqualTo("operation_cancelled");
        assertThat(rig.written()).isEqualTo("check=in check=evil");
    }

    @Test
    void guard_behindAnAnswer_judgesTheInputAndNotTheAnswer() {
        rig.open(Rig.FIRST, "answer", context -> HookResult.replace("ans"));
        rig.guard(Rig.BEFORE, "guard", refusing("evil"));

        assertThat(rig.call("in")).isEqualTo("ans");
        assertThat(rig.call("evil")).isEqualTo("operation_cancelled");
    }

    @Test
    void guard_resultsOfForksMergedBehindIt_isAskedAgain() {
        rig.guard(Rig.AFTER, "guard", refusing("out(in)+evil"));
        rig.open(
                Rig.AFTER,
                "z-forks",
                context -> HookResult.fork(List.of(new ForkOperation("evil", OperationKind.TOOL_CALL, "other", "x"))));

        assertThat(rig.call("in")).isEqualTo("operation_cancelled");
        assertThat(rig.call("some")).isEqualTo("out(some)+evil");
        assertThat(rig.callAsync("in")).isEqualTo("operation_cancelled");
    }

    @Test
    void guard_inputChangedLater_seesTheFinalInputOnce() {
        RecordingHook guard = RecordingHook.create();
        rig.guard(Rig.FIRST, "guard", guard);
        rig.open(Rig.BEFORE, "one", context -> HookResult.modified("first"));
        rig.open(Rig.BEFORE, "two", context -> HookResult.modified("second"));

        assertThat(rig.call("in")).isEqualTo("out(second)");
        assertThat(guard.seen()).extracting(seen -> seen.data()).containsExactly("in", "second");
        assertThat(guard.seen()).extracting(seen -> seen.point()).containsOnly(Rig.FIRST);
    }

    @Test
    void guard_inputChangedBeforeIt_isAskedOnce() {
        RecordingHook guard = RecordingHook.create();
        rig.open(Rig.FIRST, "changer", context -> HookResult.modified("new"));
        rig.guard(Rig.BEFORE, "guard", guard);

        rig.call("in");

        assertThat(guard.seen()).extracting(seen -> seen.data()).containsExactly("new");
    }

    @Test
    void guard_changesAgainWhenAskedAgain_isRefused() {
        rig.guard(Rig.FIRST, "guard", context -> HookResult.modified(context.data() + "+"));
        rig.open(Rig.BEFORE, "changer", context -> HookResult.modified("new"));

        LlmSpellException failure = rig.failure("in");

        assertThat(failure.text())
                .isEqualTo("hook \"guard\" gave modified at ToolValidation, which can honour only continue, cancel,"
                        + " skipped");
        assertThat(rig.written()).isEqualTo("check=in+ check=new");
    }

    @Test
    void observer_inputChangedLater_isNotAskedAgain() {
        RecordingHook observer = RecordingHook.create();
        rig.open(Rig.FIRST, "observer", observer);
        rig.open(Rig.BEFORE, "changer", context -> HookResult.modified("new"));

        rig.call("in");

        assertThat(observer.count()).isEqualTo(1);
    }

    @Test
    void guard_afterAnAnswer_stillRefuses() {
        rig.open(Rig.FIRST, "answer", context -> HookResult.replace("ans"));
        rig.open(Rig.BEFORE, "observer", context -> HookResult.cancel("observers do not run"));
        rig.guard(Rig.BEFORE, "guard", context -> HookResult.cancel("no"));

        LlmSpellException failure = rig.failure("in");

        assertThat(failure)
                .isInstanceOfSatisfying(
                        OperationCancelledException.class,
                        veto -> assertThat(veto.hook()).isEqualTo("guard"));
        assertThat(rig.written()).isEqualTo("check=in");
    }

    @Test
    void promise_afterAnAnswer_stillRefuses() {
        rig.open(Rig.FIRST, "answer", context -> HookResult.replace("ans"));

        assertThat(rig.call("forbidden")).isEqualTo("invalid_argument");
        assertThat(rig.call("in")).isEqualTo("ans");
    }

    @Test
    void outputGuard_outputReplacedLater_isAskedAgain() {
        rig.guard(Rig.AFTER, "a-guard", refusing("secret"));
        rig.open(Rig.AFTER, "b-answer", context -> HookResult.replace("secret"));

        assertThat(rig.call("in")).isEqualTo("operation_cancelled");
    }

    @Test
    void outputGuard_behindAnAnswer_runsOnIt() {
        rig.open(Rig.AFTER, "a-answer", context -> HookResult.replace("secret"));
        rig.guard(Rig.AFTER, "b-guard", refusing("secret"));

        assertThat(rig.call("in")).isEqualTo("operation_cancelled");
    }

    @Test
    void outputGuard_onAFallback_runsOnIt() {
        rig.open(Rig.ERROR, "fallback", context -> HookResult.replace("secret"));
        rig.guard(Rig.AFTER, "guard", refusing("secret"));

        assertThat(rig.call("fail")).isEqualTo("operation_cancelled");
    }

    @Test
    void errorHook_onAPromiseThatRefused_cannotRescue() {
        rig.open(Rig.ERROR, "fallback", context -> HookResult.replace("ans"));

        assertThat(rig.call("forbidden")).isEqualTo("invalid_argument");
        assertThat(rig.written()).isEqualTo("check=forbidden check=forbidden");
    }

    @Test
    void errorHook_afterAVeto_cannotRescue() {
        rig.open(Rig.BEFORE, "veto", context -> HookResult.cancel("no"));
        rig.guard(Rig.ERROR, "fallback", context -> HookResult.replace("ans"));

        LlmSpellException failure = rig.failure("in");

        assertThat(failure.code()).isEqualTo(ErrorCode.OPERATION_CANCELLED);
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(refused -> assertThat(refused)
                        .hasMessageContaining(
                                "hook \"fallback\" gave replace at ToolError, which can honour only continue,"
                                        + " skipped"));
    }

    @Test
    void errorHook_afterAFailedGuard_cannotRescue() {
        rig.guard(Rig.BEFORE, "guard", context -> {
            throw new UnsupportedOperationException("planted");
        });
        rig.open(Rig.ERROR, "fallback", context -> HookResult.replace("ans"));

        assertThat(rig.call("in")).isEqualTo("hook_failed");
    }

    @Test
    void errorHook_thatVetoes_letsTheErrorGoOnWithItsReason() {
        rig.open(Rig.ERROR, "a-fallback", context -> HookResult.replace("ans"));
        rig.guard(Rig.ERROR, "b-veto", context -> HookResult.cancel("no fallback here"));

        LlmSpellException failure = rig.failure("fail");

        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(veto -> assertThat(veto).hasMessageContaining("no fallback here"));
    }

    @Test
    void errorGuard_inFrontOfAFallback_isAskedAgain() {
        RecordingHook guard = RecordingHook.create();
        rig.guard(Rig.ERROR, "a-guard", guard);
        rig.open(Rig.ERROR, "b-fallback", context -> HookResult.replace("ans"));

        assertThat(rig.call("fail")).isEqualTo("ans");
        assertThat(guard.count()).isEqualTo(2);
    }

    @Test
    void errorGuard_thatFails_letsTheErrorGoOn() {
        rig.open(Rig.ERROR, "a-fallback", context -> HookResult.replace("ans"));
        rig.guard(Rig.ERROR, "b-guard", context -> {
            throw new UnsupportedOperationException("planted");
        });

        LlmSpellException failure = rig.failure("fail");

        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(failure.getSuppressed())
                .singleElement()
                .isInstanceOfSatisfying(
                        LlmSpellException.class, own -> assertThat(own.code()).isEqualTo(ErrorCode.HOOK_FAILED));
    }

    @Test
    void guard_thatFailsAfterTheBody_withholdsTheOutput() {
        rig.guard(Rig.AFTER, "guard", context -> {
            throw new UnsupportedOperationException("planted");
        });

        assertThat(rig.call("in")).isEqualTo("hook_failed");
        assertThat(rig.written()).isEqualTo("check=in body=in");
    }

    @Test
    void guard_atANotice_failureIsLoggedOnly() {
        rig.guard(Rig.LAST, "guard", context -> {
            throw new UnsupportedOperationException("planted");
        });

        assertThat(rig.call("in")).isEqualTo("out(in)");
    }

    @Test
    void fallback_whoseOutputIsRefused_doesNotComeBackToErrorHooks() {
        RecordingHook seen = RecordingHook.create();
        rig.guard(Rig.ERROR, "a-seen", seen);
        rig.open(Rig.ERROR, "b-fallback", context -> HookResult.replace("ans"));
        rig.open(Rig.AFTER, "veto", context -> HookResult.cancel("not this"));

        assertThat(rig.call("fail")).isEqualTo("operation_cancelled");
        assertThat(seen.count()).isEqualTo(2);
    }

    @Test
    void quarantinedHook_afterItsFailure_isDisabledUntilEnabled() {
        HookOptions options = HookOptions.builder("weak")
                .failurePolicy(FailurePolicy.QUARANTINE)
                .build();
        int[] runs = new int[1];
        var handle = rig.hooks.registry().register(Rig.BEFORE, options, context -> {
            runs[0]++;
            throw new UnsupportedOperationException("planted");
        });

        assertThat(rig.call("in")).isEqualTo("out(in)");
        assertThat(rig.call("in")).isEqualTo("out(in)");
        assertThat(runs[0]).isEqualTo(1);
        assertThat(handle.info().enabled()).isFalse();

        assertThat(handle.enabled(true)).isFalse();
        rig.call("in");
        assertThat(runs[0]).isEqualTo(2);
    }
}
