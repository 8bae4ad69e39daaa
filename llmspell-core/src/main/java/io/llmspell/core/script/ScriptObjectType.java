package io.llmspell.core.script;

import io.llmspell.core.script.ScriptFunction.Body;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Describes a kind of {@link ScriptObject}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name the kind, for messages
 * @param members read-only members by name, made when first asked for; copied
 * @param methods methods; {@link ScriptCall#self} is the object; copied
 * @param call what calling the object itself does, or null
 * @param other looks up members that are not listed, or null; they are not enumerated
 * @param writer takes assignments to members, or null if the object is read-only
 * @param bothForms whether methods may be called with a dot as well
 */
public record ScriptObjectType(
        String name,
        Map<String, Function<ScriptObject, @Nullable Object>> members,
        List<ScriptFunction> methods,
        @Nullable Body call,
        @Nullable Lookup other,
        @Nullable Writer writer,
        boolean bothForms) {
    /**
     * Copies members and methods.
     *
     * @param name the kind
     * @param members read-only members
     * @param methods methods
     * @param call what calling does, or null
     * @param other looks up other members, or null
     * @param writer takes assignments, or null
     * @param bothForms whether a dot works as well
     */
    public ScriptObjectType {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        methods = List.copyOf(methods);
    }

    /**
     * A read-only kind with members and methods.
     *
     * @param name the kind
     * @param members read-only members
     * @param methods methods
     * @return the type
     */
    public static ScriptObjectType of(
            String name, Map<String, Function<ScriptObject, @Nullable Object>> members, List<ScriptFunction> methods) {
        return new ScriptObjectType(name, members, methods, null, null, null, false);
    }

    /** Looks up a member by name. */
    @FunctionalInterface
    public interface Lookup {
        /**
         * Looks up a member.
         *
         * @param object the object
         * @param name the member
         * @return its value, or null
         */
        @Nullable Object member(ScriptObject object, String name);
    }

    /** Takes an assignment. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Takes an assignment.
         *
         * @param object the object
         * @param name the member
         * @param value a script value
         */
        void write(ScriptObject object, String name, @Nullable Object value);
    }
}
