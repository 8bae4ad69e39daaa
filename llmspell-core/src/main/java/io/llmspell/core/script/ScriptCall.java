package io.llmspell.core.script;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call that a script makes, with typed access that names function, argument and expected type when
 * an argument is wrong.
 *
 * <p><b>Threads:</b> for the thread that owns the engine.
 */
public final class ScriptCall {
    private final String function;
    private final @Nullable ScriptObject self;
    private final List<@Nullable Object> arguments;
    private final Caller caller;
    private final ScriptSession session;

    /**
     * Makes a call.
     *
     * @param function its full name, such as {@code State.set}
     * @param self the object of a method, else null
     * @param arguments script values; copied
     * @param caller on whose behalf
     * @param session the engine
     */
    public ScriptCall(
            String function,
            @Nullable ScriptObject self,
            List<@Nullable Object> arguments,
            Caller caller,
            ScriptSession session) {
        this.function = function;
        this.self = self;
        this.arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
        this.caller = caller;
        this.session = session;
    }

    /**
     * The full name of the function.
     *
     * @return such as {@code State.set}
     */
    public String function() {
        return function;
    }

    /**
     * The object of a method.
     *
     * @param type its class
     * @param <T> its class
     * @return the object
     * @throws ArgumentException {@code invalid_argument} if it is of another kind
     */
    public <T extends ScriptObject> T self(Class<T> type) {
        if (type.isInstance(self)) {
            return type.cast(self);
        }
        throw new ArgumentException(function + " must be called on an object of its kind, as object:method(...)");
    }

    /**
     * On whose behalf.
     *
     * @return the caller
     */
    public Caller caller() {
        return caller;
    }

    /**
     * The engine.
     *
     * @return the session
     */
    public ScriptSession session() {
        return session;
    }

    /**
     * How many arguments there are.
     *
     * @return the count
     */
    public int size() {
        return arguments.size();
    }

    /**
     * An argument as it came.
     *
     * @param index from 0
     * @return a script value, null if absent
     */
    public @Nullable Object raw(int index) {
        return index < arguments.size() ? arguments.get(index) : null;
    }

    /**
     * Whether an argument is there and not null.
     *
     * @param index from 0
     * @return true if it is
     */
    public boolean has(int index) {
        return raw(index) != null;
    }

    /**
     * A text. The id of an object counts as one.
     *
     * @param index from 0
     * @param name the argument's name
     * @return the text
     * @throws ArgumentException {@code invalid_argument} if it is absent or no text
     */
    public String text(int index, String name) {
        Object value = raw(index);
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof ScriptObject object) {
            return object.id();
        }
        throw wrong(index, name, "a text", value);
    }

    /**
     * A text that may be absent.
     *
     * @param index from 0
     * @param name the argument's name
     * @param otherwise what to return then
     * @return the text
     * @throws ArgumentException {@code invalid_argument} if it is no text
     */
    public String text(int index, String name, String otherwise) {
        return has(index) ? text(index, name) : otherwise;
    }

    /**
     * A number.
     *
     * @param index from 0
     * @param name the argument's name
     * @param otherwise what to return if it is absent
     * @return the number
     * @throws ArgumentException {@code invalid_argument} if it is no number
     */
    public Number number(int index, String name, Number otherwise) {
        Object value = raw(index);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number) {
            return number;
        }
        throw wrong(index, name, "a number", value);
    }

    /**
     * A function of the script.
     *
     * @param index from 0
     * @param name the argument's name
     * @return the function
     * @throws ArgumentException {@code invalid_argument} if it is absent or no function
     */
    public ScriptCallback callback(int index, String name) {
        if (raw(index) instanceof ScriptCallback callback) {
            return callback;
        }
        throw wrong(index, name, "a function", raw(index));
    }

    /**
     * A map whose members may be functions and objects.
     *
     * @param index from 0
     * @param name the argument's name
     * @return the map, empty if the argument is absent
     * @throws ArgumentException {@code invalid_argument} if it is no map
     */
    @SuppressWarnings("unchecked") // engines give maps with text keys only
    public Map<String, @Nullable Object> map(int index, String name) {
        Object value = raw(index);
        if (value == null || (value instanceof List<?> list && list.isEmpty())) {
            return Map.of();
        }
        if (value instanceof ScriptRecord rendered) {
            return (Map<String, @Nullable Object>) rendered.members();
        }
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw wrong(index, name, "a map", value);
    }

    /**
     * A JSON value.
     *
     * @param index from 0
     * @param limits how large it may be
     * @return the checked value
     * @throws JsonValueException {@code value_not_convertible} or {@code value_too_large}
     */
    public @Nullable Object json(int index, JsonLimits limits) {
        return JsonValues.checked(plain(raw(index)), limits);
    }

    /**
     * A JSON object.
     *
     * @param index from 0
     * @param name the argument's name
     * @param limits how large it may be
     * @return the checked object, empty if the argument is absent
     * @throws ArgumentException {@code invalid_argument} if it is no map
     */
    public JsonObject object(int index, String name, JsonLimits limits) {
        return (JsonObject) Objects.requireNonNull(JsonValues.checked(plain(map(index, name)), limits));
    }

    /**
     * A script value as a JSON value: objects become their ids, functions are refused.
     *
     * @param value a script value
     * @return a JSON value, checked only for what is copied here
     * @throws JsonValueException {@code value_not_convertible} if it holds a function or itself; {@code value_too_large}
     *     if it is deeper or has more nodes than {@link JsonLimits#TOOL} allows
     */
    public static @Nullable Object plain(@Nullable Object value) {
        return ScriptPlain.plain(value, "value");
    }

    /**
     * The error of a wrong argument.
     *
     * @param index from 0
     * @param name the argument's name
     * @param expected what would be right
     * @param found what came
     * @return the error, code {@code invalid_argument}
     */
    public ArgumentException wrong(int index, String name, String expected, @Nullable Object found) {
        return new ArgumentException(function + ": argument " + (index + 1) + " (" + name + ") must be " + expected
                + ", but is " + typeName(found));
    }

    private static String typeName(@Nullable Object value) {
        if (value instanceof ScriptCallback) {
            return "a function";
        }
        if (value instanceof ScriptObject object) {
            return "a handle of a " + object.type().name();
        }
        return value == null ? "nil" : JsonValueException.typeName(value);
    }
}
