/**
 * Small helpers for messages.
 * Not here: redaction, see {@code io.llmspell.core.redact}.
 * Start with {@link io.llmspell.core.text.Nearest}.
 */
@NullMarked
package io.llmspell.core.text;

import org.jspecify.annotations.NullMarked;
