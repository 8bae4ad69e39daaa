/**
 * JSON by Jackson; the only place of core that knows it.
 * Not here: the limits and checks, which are in {@code io.llmspell.core.json}.
 * Start with {@link io.llmspell.core.internal.json.JacksonJsonCodec}.
 */
@NullMarked
package io.llmspell.core.internal.json;

import org.jspecify.annotations.NullMarked;
