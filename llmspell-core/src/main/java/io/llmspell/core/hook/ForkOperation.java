package io.llmspell.core.hook;

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
        @Nullable Object input) {}
