package io.llmspell.core.script;

import io.llmspell.core.storage.Bytes;

/**
 * Takes what scripts print.
 *
 * <p><b>Threads:</b> called by the thread that owns the engine.
 */
@FunctionalInterface
public interface ScriptOutput {
    /**
     * Takes a piece of output.
     *
     * @param text bytes, as a rule UTF-8
     */
    void write(Bytes text);
}
