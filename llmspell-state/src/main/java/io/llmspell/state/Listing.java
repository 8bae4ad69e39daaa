package io.llmspell.state;

import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.Scope;

/**
 * The input of a listing.
 *
 * @param scope the scope
 * @param principal who lists
 * @param values whether the values are wanted with the keys
 */
record Listing(Scope scope, Principal principal, boolean values) {}
