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
     * Loads what every engine needs, ahead of the first one: a runtime calls it while it waits for its store. By default
     * it does nothing.
     */
    default void prepare() {}

    /**
     * Makes an engine.
     *
     * @param host what the engine offers to scripts and where their output goes
     * @return a fresh engine; must be closed
     */
    ScriptEngine open(ScriptHost host);
}
