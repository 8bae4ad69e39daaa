/**
 * Workflows as their callers see them.
 * Not here: definitions and patterns ({@code llmspell-workflows}).
 * Start with {@link io.llmspell.core.workflow.Workflow}.
 */
@NullMarked
package io.llmspell.core.workflow;

import org.jspecify.annotations.NullMarked;
