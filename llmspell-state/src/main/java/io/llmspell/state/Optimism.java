package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.state.StateTransaction;
import io.llmspell.core.state.StateValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Runs functions over state again until nobody was faster; a lost try is told to nobody but by its last one. */
final class Optimism {
    /** One key: somebody gets through each time, so only an unlucky caller needs many tries. */
    private static final int MOST_UPDATES = 1_000;

    private final StateManagerImpl manager;
    private final Caller caller;

    /** Tries to commit changes. */
    interface Try {
        StateWrites.Outcome commit(List<StateChange> changes);
    }

    Optimism(StateManagerImpl manager, Caller caller) {
        this.manager = manager;
        this.caller = caller;
    }

    <T extends @Nullable Object> T transact(Function<StateTransaction, T> work, Try commits) {
        Made<T> made = new Made<>();
        manager.writes()
                .told(() -> transacted(work, commits, made), caller)
                .commit()
                .orThrow();
        return made.value;
    }

    /** What the last run of a function gave. */
    private static final class Made<T extends @Nullable Object> {
        @SuppressWarnings("NullAway.Init") // read after a run alone
        private T value;
    }

    private <T extends @Nullable Object> StateWrites.Outcome transacted(
            Function<StateTransaction, T> work, Try commits, Made<T> made) {
        for (int repeats = 0; ; repeats++) {
            BoundTransaction transaction = new BoundTransaction(this::read, this::cell);
            made.value = transaction.run(work);
            List<StateChange> changes = transaction.changes();
            StateWrites.Outcome outcome = changes.isEmpty() ? manager.writes().nothing() : commits.commit(changes);
            if (outcome.clash() == null || repeats == Transaction.MOST_REPEATS) {
                return outcome;
            }
        }
    }

    private Cell cell(StateKey key) {
        manager.enter(caller, key.scope(), StateOperation.READ, key.key());
        return manager.store().live(key);
    }

    private Optional<StateValue> read(StateKey key) {
        return manager.reads().get(key, caller);
    }

    @Nullable Object update(StateKey key, UnaryOperator<@Nullable Object> change, Try commits) {
        Made<@Nullable Object> made = new Made<>();
        StateWrites.Outcome outcome = manager.writes().told(() -> updated(key, change, commits, made), caller);
        if (outcome.clash() == null) {
            return made.value;
        }
        throw new StateException(
                ErrorCode.STATE_CONFLICT,
                key + " was changed by other writers " + MOST_UPDATES + " times in a row; try again with fewer writers",
                Map.of("key", key.toString()),
                null);
    }

    private StateWrites.Outcome updated(
            StateKey key, UnaryOperator<@Nullable Object> change, Try commits, Made<@Nullable Object> made) {
        for (int tries = 1; ; tries++) {
            Cell cell = cell(key);
            Object json = change.apply(read(key).map(StateValue::json).orElse(null));
            made.value = json;
            if (json == null && !cell.present()) {
                return manager.writes().nothing();
            }
            List<StateChange> changes = new ArrayList<>();
            changes.add(new StateChange.Check(key, cell.revision()));
            changes.add(json == null ? new StateChange.Delete(key) : put(key, json, cell));
            StateWrites.Outcome outcome = commits.commit(changes);
            if (outcome.clash() == null || tries == MOST_UPDATES) {
                return outcome;
            }
        }
    }

    /** What a value is kept as does not change because the value does. */
    private StateChange put(StateKey key, Object json, Cell old) {
        Duration ttl = old.present() && old.expiresAt() != Cell.NEVER
                ? Duration.ofMillis(
                        Math.max(1, old.expiresAt() - manager.store().clock().millis()))
                : null;
        return new StateChange.Put(key, json, ttl, stateClass(old));
    }

    private @Nullable StateClass stateClass(Cell old) {
        boolean foreign = old.stateClass() == StateClass.TRUSTED
                && !(caller.principal() instanceof Principal.Host)
                && !(caller.principal() instanceof Principal.RuntimePart);
        return !old.present() || foreign ? null : old.stateClass();
    }
}
