/**
 * JSON values: the only kind of data that crosses a boundary of the house, checked once and immutable from then on.
 * Not here: how values look inside a script engine or in a store.
 * Start with {@link io.llmspell.core.json.JsonValues}.
 */
@NullMarked
package io.llmspell.core.json;

import org.jspecify.annotations.NullMarked;
