package io.llmspell.hooks;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Component;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The errors that the gate makes, and how it codes the errors of others. */
final class Faults {
    /** The codes of hooks that could not start, were cut off or gave nonsense; they stay what they are. */
    private static final Set<ErrorCode> HOOKS_OWN =
            Set.of(ErrorCode.HOOK_UNAVAILABLE, ErrorCode.HOOK_TIMEOUT, ErrorCode.INVALID_HOOK_RESULT);

    private Faults() {}

    /** The coded form of what a body threw. */
    static LlmSpellException coded(Component component, Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            CancelledException cancelled = new CancelledException(component.toString());
            cancelled.addSuppressed(failure);
            return cancelled;
        }
        return InternalException.coded(component.toString(), failure);
    }

    /** The coded form of what a check threw. */
    static LlmSpellException ofCheck(String check, Component component, Throwable failure) {
        return failure instanceof InterruptedException
                ? coded(component, failure)
                : InternalException.coded("check " + check + " of " + component, failure);
    }

    /** The coded form of what a hook threw. */
    static LlmSpellException ofHook(String hook, HookPoint point, Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return InternalException.coded("hook \"" + hook + "\" at " + point, failure);
    }

    static <O> O output(@Nullable O output, Component component) {
        if (output == null) {
            throw noOutput(component);
        }
        return output;
    }

    static LlmSpellException noOutput(Component component) {
        return new InternalException(
                component.toString(), new NoSuchElementException("the body of " + component + " gave no output"));
    }

    /** The error of an operation that a fail-closed hook refused by failing. */
    static HookException hookFailed(String hook, HookPoint point, Component component, LlmSpellException problem) {
        boolean own = problem instanceof HookException && HOOKS_OWN.contains(problem.code());
        return new HookException(
                own ? problem.code() : ErrorCode.HOOK_FAILED,
                "hook \"" + hook + "\" must not fail at " + point + " of " + component + ", but did: " + problem.text()
                        + " (" + problem.code() + ")",
                Map.of(
                        "hook",
                        hook,
                        "point",
                        point.name(),
                        "cause",
                        problem.code().id()),
                problem);
    }

    static HookException noResult(String hook, HookPoint point) {
        return new HookException(
                ErrorCode.INVALID_HOOK_RESULT,
                "hook \"" + hook + "\" gave no result at " + point + "; to go on it must give Continue",
                Map.of("hook", hook, "point", point.name()),
                null);
    }

    /** A hook did not answer in time. */
    static HookException late(String hook, HookPoint point, long deadlineNanos) {
        return new HookException(
                ErrorCode.HOOK_TIMEOUT,
                "hook \"" + hook + "\" at " + point + " did not answer within "
                        + Duration.ofNanos(deadlineNanos).toMillis() + " ms",
                Map.of("hook", hook, "point", point.name()),
                null);
    }

    static HookException lateEnd(String hook, long deadlineNanos) {
        return new HookException(
                ErrorCode.HOOK_TIMEOUT,
                "an action that hook \"" + hook + "\" left for the end did not end within "
                        + Duration.ofNanos(deadlineNanos).toMillis() + " ms",
                Map.of("hook", hook),
                null);
    }

    /** Whether a hook says that it could not start, and not that something which it called could not. */
    static boolean couldNotStart(String hook, LlmSpellException problem) {
        Object named = problem.details().get("hook");
        return problem.code().equals(ErrorCode.HOOK_UNAVAILABLE) && (named == null || named.equals(hook));
    }

    /** A hook could not start. */
    static HookException notStarted(String hook, HookPoint point, String why) {
        return new HookException(
                ErrorCode.HOOK_UNAVAILABLE,
                "hook \"" + hook + "\" at " + point + " could not start: " + why,
                Map.of("hook", hook, "point", point.name()),
                null);
    }

    /** A hook asked for one run more than there may be. */
    static HookException retriesUsedUp(String hook, HookPoint point, Component component, String which) {
        return new HookException(
                ErrorCode.RETRY_EXHAUSTED,
                "hook \"" + hook + "\" at " + point + " asked for another run of " + component + ", but " + which,
                Map.of("hook", hook, "point", point.name()),
                null);
    }

    /** A redirect that would go round or too far. */
    static HookException redirectLoop(
            String hook, HookPoint point, Collection<String> hops, String present, String target) {
        return new HookException(
                ErrorCode.REDIRECT_LOOP,
                "hook \"" + hook + "\" at " + point + " redirects to " + target + " after "
                        + Stream.concat(hops.stream(), Stream.of(present)).collect(Collectors.joining(" > "))
                        + "; a target may come once and at most "
                        + Course.MOST_REDIRECTS + " redirects may follow each other",
                Map.of("hook", hook, "point", point.name(), "target", target),
                null);
    }

    /** A result that needs other operations where none of the kind can be started. */
    static HookException noTargets(String hook, HookPoint point, HookResultKind result, OperationKind kind) {
        return new HookException(
                ErrorCode.RESULT_NOT_ALLOWED,
                "hook \"" + hook + "\" gave " + result.id() + " at " + point + ", but this runtime can start no "
                        + kind.id() + " by name",
                Map.of("hook", hook, "point", point.name(), "result", result.id()),
                null);
    }

    static HookException notAllowed(
            String hook, HookPoint point, HookResultKind result, Collection<HookResultKind> allowed) {
        String words = allowed.stream().sorted().map(HookResultKind::id).collect(Collectors.joining(", "));
        return HookException.resultNotAllowed(hook, point, result, words);
    }
}
