package io.llmspell.core.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a function or method of scripts. Engines add a camelCase alias to every name.
 *
 * <p><b>Threads:</b> immutable; the body is called by the thread that owns the engine.
 *
 * @param name its name in snake_case
 * @param aliases more names; copied
 * @param signature its parameters as the reference shows them, such as {@code [scope,] key, value}
 * @param doc what it does and gives, one or two sentences
 * @param waits whether it may block, so that JavaScript gives a promise
 * @param body what it does
 */
public record ScriptFunction(
        String name, List<String> aliases, String signature, String doc, boolean waits, Body body) {
    /**
     * Copies the aliases.
     *
     * @param name its name
     * @param aliases more names
     * @param signature its parameters
     * @param doc what it does
     * @param waits whether it may block
     * @param body what it does
     */
    public ScriptFunction {
        aliases = List.copyOf(aliases);
    }

    /**
     * A function that may block.
     *
     * @param names its name and aliases, joined by {@code " = "}
     * @param signature its parameters
     * @param doc what it does
     * @param body what it does
     * @return the function
     */
    public static ScriptFunction waiting(String names, String signature, String doc, Body body) {
        return make(names, signature, doc, true, body);
    }

    /**
     * A function that returns at once.
     *
     * @param names its name and aliases, joined by {@code " = "}
     * @param signature its parameters
     * @param doc what it does
     * @param body what it does
     * @return the function
     */
    public static ScriptFunction plain(String names, String signature, String doc, Body body) {
        return make(names, signature, doc, false, body);
    }

    private static ScriptFunction make(String names, String signature, String doc, boolean waits, Body body) {
        List<String> all = List.of(names.split(" = ", -1));
        return new ScriptFunction(all.get(0), all.subList(1, all.size()), signature, doc, waits, body);
    }

    /**
     * What a function does.
     *
     * <p><b>Threads:</b> called by the thread that owns the engine.
     */
    @FunctionalInterface
    public interface Body {
        /**
         * Does it.
         *
         * @param call the arguments and their caller
         * @return a script value: JSON values, {@link ScriptObject}, {@link ScriptRecord}, {@link ScriptCallback},
         *     {@link ScriptValues} for several, or null
         */
        @Nullable Object call(ScriptCall call);
    }
}
