package io.llmspell.core.agent;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import java.util.List;
import java.util.Optional;

/**
 * The life of an agent beside its runs: start, pause, resume, stop, fail, recover.
 *
 * <p>An agent has one transition at a time; a second one waits for it, at most
 * {@link AgentLifecycle#maxTransitionTime()}. The hooks of a transition run before the new state shows, and their veto
 * keeps the old one. <b>Threads:</b> safe. <b>Errors:</b> every transition may give {@code invalid_transition} naming
 * agent, states and allowed targets, {@code operation_cancelled} and {@code timeout}.
 */
public interface AgentLife {
    /**
     * Builds an agent that was only registered.
     *
     * @param caller on whose behalf
     * @throws AgentException {@code invalid_transition} if it has been built already
     */
    void initialize(Caller caller);

    /**
     * Lets a ready agent run until it is stopped; its runs fire their own points.
     *
     * @param caller on whose behalf
     */
    void start(Caller caller);

    /**
     * Halts a ready or running agent; a run in progress halts before its next call of the model or of a tool, and goes
     * on when the agent is resumed. Returns when the agent is paused; if it is called from within the run, at once, and
     * the run halts at that place.
     *
     * @param reason why, may be empty
     * @param caller on whose behalf
     */
    void pause(String reason, Caller caller);

    /**
     * Brings a paused agent back to what it was, ready or running.
     *
     * @param reason why, may be empty
     * @param caller on whose behalf
     */
    void resume(String reason, Caller caller);

    /**
     * Makes a running or paused agent ready; a run in progress is cancelled.
     *
     * @param reason why, may be empty
     * @param caller on whose behalf
     */
    void stop(String reason, Caller caller);

    /**
     * Puts the agent in error; a run in progress is cancelled.
     *
     * @param message what is wrong
     * @param caller on whose behalf
     */
    void fail(String message, Caller caller);

    /**
     * Brings an agent in error back to ready.
     *
     * @param caller on whose behalf
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} if it has recovered too often without a good
     *     run between
     */
    void recover(Caller caller);

    /**
     * Cancels the transition in progress, which then keeps the old state.
     *
     * @return whether there was one
     */
    boolean cancelTransition();

    /**
     * The newest transitions.
     *
     * @return at most 100, oldest first, unmodifiable
     */
    List<AgentTransition> history();

    /**
     * What put the agent in error last.
     *
     * @return the error, or empty
     */
    Optional<LlmSpellException> lastError();
}
