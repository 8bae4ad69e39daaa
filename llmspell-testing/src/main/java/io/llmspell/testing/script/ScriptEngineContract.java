package io.llmspell.testing.script;

/**
 * What every {@link io.llmspell.core.script.ScriptEngine} must do; a test class of an engine implements it with two
 * methods, {@code provider} and {@code dialect}.
 *
 * <p><b>Threads:</b> tests run one at a time for one instance.
 */
public interface ScriptEngineContract
        extends RunContract,
                GlobalContract,
                ValueContract,
                HandleContract,
                CallbackContract,
                LimitContract,
                EndContract {}
