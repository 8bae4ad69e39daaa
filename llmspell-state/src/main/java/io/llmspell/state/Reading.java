package io.llmspell.state;

import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * The input of a read.
 *
 * @param key the key
 * @param principal who reads
 * @param found what was found there already, or null to look
 */
record Reading(StateKey key, Principal principal, @Nullable Cell found) {}
