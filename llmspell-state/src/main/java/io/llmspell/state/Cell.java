package io.llmspell.state;

import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateValue;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What stands under a key: a value, or nothing. Immutable; {@link HeldCell} is the form in which it is kept in memory. */
sealed class Cell permits HeldCell {
    /** The time of values that do not expire. */
    static final long NEVER = Long.MAX_VALUE;

    /** Nothing. */
    static final Cell ABSENT = new Cell(Optional.empty(), 0, StateClass.STANDARD, NEVER, Secrecy.NONE, 1);

    private static final int UNKNOWN = 0;
    private static final int UNIT_BYTES = 4 << 10;

    private final Optional<StateValue> value;
    private final long revision;
    private final StateClass stateClass;
    private final long expiresAt;
    private final Secrecy secrecy;

    /** How much room it takes, or {@link #UNKNOWN}. */
    private final int weight;

    private Cell(
            Optional<StateValue> value,
            long revision,
            StateClass stateClass,
            long expiresAt,
            Secrecy secrecy,
            int weight) {
        this.value = value;
        this.revision = revision;
        this.stateClass = stateClass;
        this.expiresAt = expiresAt;
        this.secrecy = secrecy;
        this.weight = weight;
    }

    /** A copy whose weight is known. */
    Cell(Cell other) {
        this(other.value, other.revision, other.stateClass, other.expiresAt, other.secrecy, other.weight());
    }

    static Cell of(@Nullable Object json, long revision, StateClass stateClass, long expiresAt) {
        return of(json, revision, stateClass, expiresAt, Secrecy.NONE);
    }

    static Cell of(@Nullable Object json, long revision, StateClass stateClass, long expiresAt, Secrecy secrecy) {
        Optional<StateValue> value = Optional.of(new StateValue(json, revision));
        return new Cell(value, revision, stateClass, expiresAt, secrecy, UNKNOWN);
    }

    /** The same value under another revision. */
    Cell at(long other) {
        Optional<StateValue> same = Optional.of(new StateValue(json(), other));
        return new Cell(same, other, stateClass, expiresAt, secrecy, weight);
    }

    /** The same with the length of its record. */
    Cell recorded(int length) {
        return new Cell(value, revision, stateClass, expiresAt, secrecy, weight(length));
    }

    /** The value as callers get it, made once. */
    final Optional<StateValue> value() {
        return value;
    }

    /** The revision in its store, 0 for nothing; negative for values that are in memory only. */
    final long revision() {
        return revision;
    }

    /** The class of the value. */
    final StateClass stateClass() {
        return stateClass;
    }

    /** When it stops to count, in milliseconds of the {@link StateClock}. */
    final long expiresAt() {
        return expiresAt;
    }

    /** How much of it hooks must not see. */
    final Secrecy secrecy() {
        return secrecy;
    }

    final boolean present() {
        return value.isPresent();
    }

    final @Nullable Object json() {
        return value.isPresent() ? value.get().json() : null;
    }

    final boolean expired(StateClock clock) {
        return expiresAt != NEVER && expiresAt <= clock.millis();
    }

    /** How much room it takes in memory: 1, and 1 more for each 4 KiB. */
    final int weight() {
        return weight == UNKNOWN ? weight(JsonValues.bytes(json())) : weight;
    }

    private static int weight(long bytes) {
        return (int) (1 + bytes / UNIT_BYTES);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Cell that
                && value.equals(that.value)
                && revision == that.revision
                && stateClass == that.stateClass
                && expiresAt == that.expiresAt
                && secrecy == that.secrecy;
    }

    @Override
    public final int hashCode() {
        return Objects.hash(value, revision, stateClass, expiresAt, secrecy);
    }

    /** Without the value, which may be secret. */
    @Override
    public final String toString() {
        return "Cell[" + value + ", revision " + revision + ", class " + stateClass.id() + "]";
    }
}
