package io.llmspell.core.hook;

import org.jspecify.annotations.Nullable;

/**
 * A JSON value in a place that cannot hold null itself.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param json the value
 */
public record Outcome(@Nullable Object json) {}
