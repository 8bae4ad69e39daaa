package io.llmspell.core.state;

import org.jspecify.annotations.Nullable;

/**
 * A value with its version.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param json a JSON value
 * @param version the number of the commit that wrote it
 */
public record StateValue(@Nullable Object json, long version) {}
