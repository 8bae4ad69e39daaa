package io.llmspell.testing.script;

import io.llmspell.core.script.ScriptEngineProvider;

/** What every part of the contract needs: engines, and how their language is written. */
interface ScriptEngineFixture {
    /**
     * The provider under test.
     *
     * @return the provider
     */
    ScriptEngineProvider provider();

    /**
     * How the language is written.
     *
     * @return the dialect
     */
    ScriptDialect dialect();
}
