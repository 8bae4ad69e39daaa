package io.llmspell.core.script;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Describes a global object of scripts, such as {@code State}; engines render the description, and the reference comes
 * from it.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name its name in scripts
 * @param doc what it is for, one sentence
 * @param functions its functions; copied
 * @param children named groups of more functions, such as {@code Hook.result}; copied
 * @param member looks up other members by name, or null
 */
public record ScriptModule(
        String name,
        String doc,
        List<ScriptFunction> functions,
        List<ScriptModule> children,
        @Nullable Function<String, @Nullable Object> member) {
    /**
     * Copies the lists.
     *
     * @param name its name
     * @param doc what it is for
     * @param functions its functions
     * @param children groups of more functions
     * @param member looks up other members, or null
     */
    public ScriptModule {
        Objects.requireNonNull(doc, "doc");
        functions = List.copyOf(functions);
        children = List.copyOf(children);
    }

    /**
     * A module with functions only.
     *
     * @param name its name
     * @param doc what it is for
     * @param functions its functions
     * @return the module
     */
    public static ScriptModule of(String name, String doc, List<ScriptFunction> functions) {
        return new ScriptModule(name, doc, functions, List.of(), null);
    }
}
