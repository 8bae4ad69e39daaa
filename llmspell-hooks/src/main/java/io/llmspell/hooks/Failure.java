package io.llmspell.hooks;

import io.llmspell.core.error.LlmSpellException;

/**
 * Why a hook failed.
 *
 * @param problem the error
 * @param told whether the caller of a refused operation gets the error itself, else one that names the hook around it
 */
record Failure(LlmSpellException problem, boolean told) {}
