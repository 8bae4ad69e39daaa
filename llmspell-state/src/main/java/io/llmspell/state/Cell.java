package io.llmspell.state;

import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands under a key: a value, or nothing.
 *
 * @param value the value as callers get it, made once
 * @param revision the revision in its store, 0 for nothing; negative for values that are in memory only
 * @param stateClass the class of the value
 * @param expiresAt when it stops to count, in milliseconds of the {@link StateClock}
 * @param secrecy how much of it hooks must not see
 */
record Cell(Optional<StateValue> value, long revision, StateClass stateClass, long expiresAt, Secrecy secrecy) {
    /** The time of values that do not expire. */
    static final long NEVER = Long.MAX_VALUE;

    /** Nothing. */
    static final Cell ABSENT = new Cell(Optional.empty(), 0, StateClass.STANDARD, NEVER, Secrecy.NONE);

    static Cell of(@Nullable Object json, long revision, StateClass stateClass, long expiresAt) {
        return of(json, revision, stateClass, expiresAt, Secrecy.NONE);
    }

    static Cell of(@Nullable Object json, long revision, StateClass stateClass, long expiresAt, Secrecy secrecy) {
        return new Cell(Optional.of(new StateValue(json, revision)), revision, stateClass, expiresAt, secrecy);
    }

    /** The same value under another revision. */
    Cell at(long other) {
        return of(json(), other, stateClass, expiresAt, secrecy);
    }

    boolean present() {
        return value.isPresent();
    }

    @Nullable Object json() {
        return value.map(StateValue::json).orElse(null);
    }

    boolean expired(StateClock clock) {
        return expiresAt != NEVER && expiresAt <= clock.millis();
    }
}
