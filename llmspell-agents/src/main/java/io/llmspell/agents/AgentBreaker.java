package io.llmspell.agents;

import io.llmspell.core.agent.AgentException;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.ComponentBreaker;
import io.llmspell.core.gate.OperationCancelledException;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The breaker of one agent, around its runs and transitions.
 *
 * <p>Safe for threads.
 *
 * @param name the agent's name
 * @param breaker the breaker
 */
record AgentBreaker(String name, ComponentBreaker breaker) {
    /** What a caller may not have, and what it used up, says nothing against the agent. */
    private static final Set<ErrorCode> NOT_ITS_FAULT = Set.of(
            ErrorCode.INVALID_TRANSITION,
            ErrorCode.LIMIT_EXCEEDED,
            ErrorCode.ACCESS_DENIED,
            ErrorCode.PERMISSION_DENIED,
            ErrorCode.RATE_LIMITED);

    /** Does something unless the breaker is open, and tells the breaker how it ended. */
    <T> T guard(Supplier<T> work) {
        int ticket = breaker.enter();
        if (ticket == ComponentBreaker.REFUSED) {
            throw open();
        }
        T result;
        try {
            result = work.get();
        } catch (OperationCancelledException | CancelledException decided) {
            breaker.unused(ticket);
            throw decided;
        } catch (LlmSpellException failure) {
            if (counts(failure)) {
                breaker.failed(ticket);
            } else {
                breaker.worked(ticket);
            }
            throw failure;
        } catch (RuntimeException | Error broken) {
            breaker.failed(ticket);
            throw broken;
        }
        breaker.worked(ticket);
        return result;
    }

    private static boolean counts(LlmSpellException failure) {
        return !(failure instanceof ArgumentException)
                && !(failure instanceof InvalidStateException)
                && !NOT_ITS_FAULT.contains(failure.code());
    }

    private AgentException open() {
        long millis = Math.max(1, breaker.openFor().toMillis());
        return new AgentException(
                ErrorCode.AGENT_FAILED,
                "agent \"" + name + "\" is not run, because it failed too often: its breaker is open; the next try is"
                        + " possible in " + millis + " ms, and it can be terminated now",
                Map.of("agent", name, "breaker", "open", "retry_after_ms", millis),
                null);
    }
}
