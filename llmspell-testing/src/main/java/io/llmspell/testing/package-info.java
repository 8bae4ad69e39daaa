/**
 * Contract kits, fakes and generators for tests of LlmSpell modules and of extensions to it.
 * Not here: tests of one module, which stand beside the class they test, and anything that production code may
 * use.
 * Start with the contract kit of the kind of thing you implement.
 */
@NullMarked
package io.llmspell.testing;

import org.jspecify.annotations.NullMarked;
