package io.llmspell.core.script;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A script does not parse, failed, or its engine is closed; the codes of scripts.
 *
 * <p>Details: {@code file}, {@code line}, {@code column} and {@code source} where known. <b>Threads:</b> immutable.
 */
public final class ScriptException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /** The calls of the script, innermost first. */
    private final List<String> scriptStack;

    /**
     * Makes an error.
     *
     * @param code the code
     * @param text what is wrong and where
     * @param details machine-readable members
     * @param scriptStack the calls of the script, innermost first
     * @param cause the error that the script did not catch, if it came from the host
     */
    public ScriptException(
            ErrorCode code,
            String text,
            Map<String, ? extends @Nullable Object> details,
            List<String> scriptStack,
            @Nullable Throwable cause) {
        super(code, text, details, cause);
        this.scriptStack = List.copyOf(scriptStack);
    }

    /**
     * The calls of the script.
     *
     * @return such as {@code spell.lua:3: in function 'greet'}, innermost first
     */
    public List<String> scriptStack() {
        return scriptStack;
    }

    /**
     * The error of a call into a closed engine.
     *
     * @param what what was called
     * @return the error, code {@code engine_closed}
     */
    public static ScriptException closed(String what) {
        return new ScriptException(
                ErrorCode.ENGINE_CLOSED, what + " belongs to a script that has ended", Map.of(), List.of(), null);
    }
}
