package io.llmspell.core.script;

import io.llmspell.core.identity.Language;
import java.util.Set;

/**
 * Makes the engines of one language; found by {@link java.util.ServiceLoader}.
 *
 * <p><b>Threads:</b> safe.
 */
public interface ScriptEngineProvider {
    /**
     * The language.
     *
     * @return the language
     */
    Language language();

    /**
     * The file name extensions of its scripts.
     *
     * @return extensions without the dot, lower case
     */
    Set<String> extensions();

    /**
     * Makes an engine.
     *
     * @param host what the engine offers to scripts and where their output goes
     * @return a fresh engine; must be closed
     */
    ScriptEngine open(ScriptHost host);
}
