/**
 * Tests with scripts: the contract of script engines, and what a language must tell about itself to be tested by it.
 * Not here: the engines, and the tests of the globals.
 * Start with {@link io.llmspell.testing.script.ScriptEngineContract} and
 * {@link io.llmspell.testing.script.ScriptDialect}.
 */
@NullMarked
package io.llmspell.testing.script;

import org.jspecify.annotations.NullMarked;
