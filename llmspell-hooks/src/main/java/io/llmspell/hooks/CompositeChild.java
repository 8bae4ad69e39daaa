package io.llmspell.hooks;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.ReactiveHook;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One child of a composite at one point, with its own deadline, breaker and figures. Safe for threads. */
final class CompositeChild {
    /** The codes of children that could not start, were cut off or gave nonsense; they stay what they are. */
    private static final Set<ErrorCode> OWN =
            Set.of(ErrorCode.HOOK_UNAVAILABLE, ErrorCode.HOOK_TIMEOUT, ErrorCode.INVALID_HOOK_RESULT);

    private final HookOptions options;
    private final Code code;
    private final HookGuard guard;

    CompositeChild(HookOptions options, Code code, HookGuard guard) {
        this.options = options;
        this.code = code;
        this.guard = guard;
    }

    /** What a child runs. */
    sealed interface Code {
        /** A hook that answers on the thread that asks. */
        record Direct(Hook hook) implements Code {}

        /** A hook that may answer later. */
        record Reactive(ReactiveHook hook) implements Code {}

        /** A composite. */
        record Nested(Composition composition) implements Code {}
    }

    HookOptions options() {
        return options;
    }

    Code code() {
        return code;
    }

    HookGuard guard() {
        return guard;
    }

    /** Whether it may block the thread that asks. */
    boolean blocks() {
        return blocks(code);
    }

    static boolean blocks(Code code) {
        return code instanceof Code.Direct
                || (code instanceof Code.Nested nested && nested.composition().blocks());
    }

    /** Whether its failure fails the composite whatever the composite's mode says. */
    boolean mustNotFail() {
        return guard.policy() == FailurePolicy.FAIL_CLOSED;
    }

    /** What the composite fails with if this child fails it. */
    HookException failure(LlmSpellException problem) {
        boolean own = problem instanceof HookException && OWN.contains(problem.code());
        return new HookException(
                own ? problem.code() : ErrorCode.HOOK_FAILED,
                "child \"" + options.name() + "\" of a composite failed: " + problem.text() + " (" + problem.code()
                        + ")",
                Map.of("child", options.name(), "cause", problem.code().id()),
                problem);
    }

    /** The outcome of a child whose breaker is open. */
    ChildOutcome notStarted() {
        return unavailable("was not asked, because its breaker is open");
    }

    /** The outcome of a child that could not start. */
    ChildOutcome unavailable(String why) {
        return ChildOutcome.failed(error(ErrorCode.HOOK_UNAVAILABLE, why));
    }

    /** The failure of a child that passed its own deadline. */
    HookException overran() {
        return late("did not answer within its deadline of " + Duration.ofNanos(guard.deadlineNanos()));
    }

    /** The failure of a child that was cut off. */
    HookException late(String why) {
        return error(ErrorCode.HOOK_TIMEOUT, why);
    }

    private HookException error(ErrorCode code, String why) {
        return new HookException(code, "child \"" + options.name() + "\" " + why, Map.of("hook", options.name()), null);
    }

    /** Whether the watchdog cuts it on the thread that asks; scripts are cut by their interpreters. */
    boolean watched() {
        return options.language() == Language.JAVA;
    }

    /** Books what came of an execution. */
    void book(int ticket, ChildOutcome outcome, long took, long now) {
        HookResult given = outcome.result();
        LlmSpellException failure = outcome.failure();
        if (given != null) {
            guard.gave(ticket, took, given.kind(), now);
        } else if (failure != null && Faults.couldNotStart(options.name(), failure)) {
            guard.notStarted(ticket, now);
        } else if (failure != null) {
            guard.failed(ticket, took, failure.text(), now);
        }
    }

    /** What an execution came to. */
    ChildOutcome outcome(HookContext context, @Nullable HookResult result, @Nullable Throwable thrown) {
        if (thrown != null) {
            return ChildOutcome.failed(Faults.ofHook(options.name(), context.point(), thrown));
        }
        if (result == null) {
            return ChildOutcome.failed(Faults.noResult(options.name(), context.point()));
        }
        if (!(result instanceof HookResult.Modified modified)) {
            return ChildOutcome.gave(result);
        }
        try { // the next child and the merging need a JSON value, and this child is the one to blame for another
            boolean tool = context.operation().kind() == OperationKind.TOOL_CALL;
            Object data = JsonValues.checked(modified.data(), tool ? JsonLimits.TOOL : JsonLimits.VALUE);
            return ChildOutcome.gave(HookResult.modified(data));
        } catch (LlmSpellException refused) {
            return ChildOutcome.failed(refused);
        }
    }
}
