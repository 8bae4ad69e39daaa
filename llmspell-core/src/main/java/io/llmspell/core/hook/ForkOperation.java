package io.llmspell.core.hook;

import io.llmspell.core.error.ArgumentException;
import org.jspecify.annotations.Nullable;

/**
 * One operation that a hook starts beside the present one.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param id names the result under {@code forks}
 * @param kind what to run
 * @param target the name of the tool, agent, workflow or event type
 * @param input its input, a JSON value
 */
public record ForkOperation(
        String id,
        OperationKind kind,
        String target,
        @Nullable Object input) {
    /**
     * Checks the members.
     *
     * @param id names the result under {@code forks}
     * @param kind what to run
     * @param target the name of the tool, agent, workflow or event type
     * @param input its input, a JSON value
     * @throws ArgumentException {@code invalid_argument} if one is missing
     */
    public ForkOperation {
        ArgumentException.given(id, "fork id", "a text");
        ArgumentException.given(kind, "fork operation type", "a kind");
        ArgumentException.given(target, "fork target", "a name");
    }
}
