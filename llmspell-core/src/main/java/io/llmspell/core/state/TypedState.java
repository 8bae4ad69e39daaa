package io.llmspell.core.state;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * State as Java types, such as records, in place of JSON values.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> those of the view, and {@link io.llmspell.core.json.JsonValueException}.
 */
public final class TypedState {
    private final StateView view;
    private final JsonCodec codec;

    private TypedState(StateView view, JsonCodec codec) {
        this.view = view;
        this.codec = codec;
    }

    /**
     * Types over a view.
     *
     * @param view where values are read and written, with the rights of its caller
     * @param codec turns values into types and back; make it once
     * @return the typed state
     */
    public static TypedState of(StateView view, JsonCodec codec) {
        return new TypedState(view, codec);
    }

    /**
     * Reads a value as a type.
     *
     * @param key the key
     * @param type the type
     * @param <T> the type
     * @return the object, or empty if the key is absent or holds null
     * @throws io.llmspell.core.json.JsonValueException {@code type_mismatch} naming the member that does not fit
     */
    public <T> Optional<T> get(StateKey key, Class<T> type) {
        return view.get(key).filter(value -> value.json() != null).map(value -> codec.as(value.json(), type));
    }

    /**
     * Stores an object.
     *
     * @param key the key
     * @param object such as a record
     * @return the new version
     * @throws io.llmspell.core.json.JsonValueException {@code value_not_convertible} or {@code value_too_large}
     */
    public long put(StateKey key, @Nullable Object object) {
        return view.put(key, codec.from(object, JsonLimits.VALUE));
    }

    /**
     * Replaces an object by what a function makes of it, as {@link StateView#update}.
     *
     * @param key the key
     * @param type the type
     * @param change gives the new object, or null to remove it; gets null for an absent key; may run several times
     * @param <T> the type
     * @return the new object, or empty if it was removed
     */
    public <T> Optional<T> update(StateKey key, Class<T> type, UnaryOperator<@Nullable T> change) {
        Object json = view.update(key, old -> {
            T made = change.apply(old == null ? null : codec.as(old, type));
            return made == null ? null : codec.from(made, JsonLimits.VALUE);
        });
        return json == null ? Optional.empty() : Optional.of(codec.as(json, type));
    }
}
