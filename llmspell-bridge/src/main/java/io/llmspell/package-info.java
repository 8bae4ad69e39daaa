/**
 * The embedding face: {@code LlmSpell} puts the parts together, hands them out and closes them in reverse order.
 * Not here: anything else; the parts are in the packages below, their contracts in {@code io.llmspell.core}.
 * Start with {@code LlmSpell.builder()}.
 */
@NullMarked
package io.llmspell;

import org.jspecify.annotations.NullMarked;
