package io.llmspell.core.gate;

import java.time.Duration;

/**
 * The circuit breaker of one component: it keeps calls from a component that fails again and again.
 *
 * <p>A call begins with {@link #enter} and gives its ticket back in exactly one of {@link #worked}, {@link #failed} and
 * {@link #unused}. What a hook or the caller decided, and what the component rightly refused, says nothing against it and
 * is no failure. <b>Threads:</b> safe.
 */
public interface ComponentBreaker {
    /** The ticket of a call that may not begin. */
    int REFUSED = 0;

    /**
     * Asks whether a call may begin.
     *
     * @return a ticket, {@link #REFUSED} if the breaker is open
     */
    int enter();

    /**
     * The component has answered, also with a refusal that was right.
     *
     * @param ticket what {@link #enter} gave
     */
    void worked(int ticket);

    /**
     * The component has failed.
     *
     * @param ticket what {@link #enter} gave
     */
    void failed(int ticket);

    /**
     * The call did not get as far as to tell anything about the component.
     *
     * @param ticket what {@link #enter} gave
     */
    void unused(int ticket);

    /**
     * How long calls are refused from now on.
     *
     * @return the time to the next try, zero if a call may begin
     */
    Duration openFor();

    /**
     * A breaker that never opens.
     *
     * @return the breaker
     */
    static ComponentBreaker never() {
        return NeverOpen.INSTANCE;
    }
}
