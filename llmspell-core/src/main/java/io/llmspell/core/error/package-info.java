/**
 * Errors: one root exception and the stable codes that users, scripts and tools see.
 * Not here: the exception families of single topics, which live beside their topic.
 * Start with {@link io.llmspell.core.error.LlmSpellException}, then {@link io.llmspell.core.error.ErrorCode}.
 */
@NullMarked
package io.llmspell.core.error;

import org.jspecify.annotations.NullMarked;
