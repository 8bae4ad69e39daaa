/**
 * The audit log: who was refused or allowed what.
 * Not here: the store below it ({@code llmspell-storage}).
 * Start with {@link io.llmspell.core.audit.AuditLog}.
 */
@NullMarked
package io.llmspell.core.audit;

import org.jspecify.annotations.NullMarked;
