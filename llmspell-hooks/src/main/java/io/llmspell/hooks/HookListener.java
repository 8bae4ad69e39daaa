package io.llmspell.hooks;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every execution of a hook; the composition root subscribes the event bus with one.
 *
 * <p><b>Threads:</b> called on the thread of the operation, by several at once; it must be safe, quick and must not
 * block. What it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface HookListener {
    /**
     * A hook has run and what it decided has been applied or refused.
     *
     * @param execution what ran and how it ended; its context is valid during this call only
     */
    void executed(HookExecution execution);

    /**
     * A hook is about to run; {@link #executed} follows unless the operation is given up meanwhile.
     *
     * @param run the hook, and in which operation
     */
    default void starts(HookRun run) {}

    /**
     * The first hook of a point is about to run.
     *
     * @param chain the hooks of the point
     */
    default void chainStarts(HookChain chain) {}

    /**
     * No further hook of a point runs.
     *
     * @param chain the hooks of the point, as they were told at the start
     * @param results how many of them gave a result that counted
     */
    default void chainEnded(HookChain chain, int results) {}

    /**
     * A hook was registered.
     *
     * @param hook the hook
     * @param by who registered it, null for the host program outside any run
     */
    default void registered(HookInfo hook, @Nullable Caller by) {}

    /**
     * A hook was unregistered.
     *
     * @param hook the hook
     * @param by who had registered it, null for the host program outside any run
     */
    default void unregistered(HookInfo hook, @Nullable Caller by) {}

    /**
     * The breaker of a hook went from one state to another.
     *
     * @param hook the hook
     * @param from the state before
     * @param to the state now
     * @param reason why: {@code failures}, {@code slow}, {@code overhead} or {@code manual}
     * @param openFor how long it stays open, zero unless it is
     */
    default void breakerChanged(HookInfo hook, BreakerState from, BreakerState to, String reason, Duration openFor) {}

    /**
     * A hook that fails closed failed at a point where it can refuse nothing.
     *
     * @param hook the hook
     * @param component what ran
     * @param caller who asked for it
     * @param problem how it failed
     */
    default void guardFailed(HookInfo hook, Component component, Caller caller, LlmSpellException problem) {}

    /**
     * A hook that fails closed has refused an operation, by a veto or by its failure.
     *
     * @param hook the hook
     * @param component what was refused
     * @param caller who asked for it
     * @param problem what the caller is told
     */
    default void refused(HookInfo hook, Component component, Caller caller, LlmSpellException problem) {}

    /**
     * The hooks of a component, or its operations, took more than they may; told once a crossing.
     *
     * @param component the component, as messages name it: type and name
     * @param metric what was measured, such as {@code hook_share}
     * @param value the value
     * @param threshold the limit
     */
    default void thresholdExceeded(String component, String metric, double value, double threshold) {}
}
