/**
 * Redaction: the one place that decides what is a secret and how it is masked in copies that leave the house.
 * Not here: encryption of records.
 * Start with {@link io.llmspell.core.redact.Redactor}.
 */
@NullMarked
package io.llmspell.core.redact;

import org.jspecify.annotations.NullMarked;
