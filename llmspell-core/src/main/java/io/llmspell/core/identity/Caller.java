package io.llmspell.core.identity;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf, within which run and until when a call is made; an explicit parameter of every call between modules.
 *
 * <p>Made once a run; the derived copies are cheap. Rights come from here and never from a thread-local.
 * <b>Threads:</b> immutable.
 *
 * @param principal whose rights count
 * @param language the language in which the call was written
 * @param correlation the run
 * @param parentOperation the id of the enclosing operation, null at the top
 * @param token stops the call
 * @param deadlineNanos a reading of {@code TimeSource.nanos()}, or {@link Awaiter#NO_DEADLINE}
 * @param lineage the hooks, redirects and forks that enclose the call
 * @param traceparent the W3C trace context, if there is one
 */
public record Caller(
        Principal principal,
        Language language,
        CorrelationId correlation,
        @Nullable String parentOperation,
        Cancellation token,
        long deadlineNanos,
        Lineage lineage,
        @Nullable String traceparent) {

    /**
     * Checks the members.
     *
     * @param principal whose rights count
     * @param language the language of the call
     * @param correlation the run
     * @param parentOperation the enclosing operation or null
     * @param token stops the call
     * @param deadlineNanos the deadline
     * @param lineage the hooks, redirects and forks that enclose the call
     * @param traceparent the trace context or null
     */
    public Caller {
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(language, "language");
        Objects.requireNonNull(correlation, "correlation");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(lineage, "lineage");
    }

    /**
     * A caller at the top of a run, without deadline and token.
     *
     * @param principal whose rights count
     * @param language the language of the call
     * @param correlation the run
     * @return the caller
     */
    public static Caller of(Principal principal, Language language, CorrelationId correlation) {
        return new Caller(
                principal, language, correlation, null, Cancellation.none(), Awaiter.NO_DEADLINE, Lineage.TOP, null);
    }

    /**
     * The host program at the top of a run.
     *
     * @param correlation the run
     * @return the caller
     */
    public static Caller host(CorrelationId correlation) {
        return of(new Principal.Host(), Language.JAVA, correlation);
    }

    /**
     * A copy with another principal.
     *
     * @param other whose rights count
     * @return the copy
     */
    public Caller as(Principal other) {
        return new Caller(other, language, correlation, parentOperation, token, deadlineNanos, lineage, traceparent);
    }

    /**
     * A copy inside an operation.
     *
     * @param operationId the id of the enclosing operation
     * @return the copy
     */
    public Caller within(String operationId) {
        return new Caller(principal, language, correlation, operationId, token, deadlineNanos, lineage, traceparent);
    }

    /**
     * The hooks that enclose the call.
     *
     * @return their names, outermost first
     */
    public List<String> hookChain() {
        return lineage.hooks();
    }

    /**
     * How many hooks enclose the call.
     *
     * @return the length of the chain of hooks
     */
    public int hookDepth() {
        return lineage.hooks().size();
    }

    /**
     * A copy for calls that a hook makes.
     *
     * @param hook the hook and its point, as messages name it
     * @return the copy, one hook deeper
     */
    public Caller deeper(String hook) {
        return deeper(hook, null);
    }

    /**
     * A copy for calls that a hook makes whose own time is wanted.
     *
     * @param hook the hook and its point, as messages name it
     * @param counter counts the time of operations within the hook, or null
     * @return the copy, one hook deeper
     */
    public Caller deeper(String hook, @Nullable NestedTime counter) {
        return with(lineage.hook(hook, counter));
    }

    /**
     * A copy with another lineage.
     *
     * @param other the hooks, redirects and forks that enclose the copy
     * @return the copy
     */
    public Caller with(Lineage other) {
        return new Caller(principal, language, correlation, parentOperation, token, deadlineNanos, other, traceparent);
    }

    /**
     * A copy with another trace context.
     *
     * @param other a W3C traceparent, or null
     * @return the copy
     */
    public Caller traced(@Nullable String other) {
        return new Caller(principal, language, correlation, parentOperation, token, deadlineNanos, lineage, other);
    }

    /**
     * A copy for calls written in another language.
     *
     * @param other the language
     * @return the copy
     */
    public Caller in(Language other) {
        return new Caller(principal, other, correlation, parentOperation, token, deadlineNanos, lineage, traceparent);
    }

    /**
     * A copy in another run.
     *
     * @param other the run
     * @return the copy
     */
    public Caller correlated(CorrelationId other) {
        return new Caller(principal, language, other, parentOperation, token, deadlineNanos, lineage, traceparent);
    }

    /**
     * A copy with another token and a deadline that is not later than the present one.
     *
     * @param stop stops the call
     * @param deadline a reading of {@code TimeSource.nanos()}, or {@link Awaiter#NO_DEADLINE}
     * @return the copy
     */
    public Caller limited(Cancellation stop, long deadline) {
        long earlier = deadlineNanos == Awaiter.NO_DEADLINE
                ? deadline
                : deadline == Awaiter.NO_DEADLINE || deadline - deadlineNanos > 0 ? deadlineNanos : deadline;
        return new Caller(principal, language, correlation, parentOperation, stop, earlier, lineage, traceparent);
    }
}
