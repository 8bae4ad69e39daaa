package io.llmspell.state;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageReader;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whole scopes of a state manager, for what is built upon them: rights, copies of their records, and putting copies back.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> as those of {@link io.llmspell.core.state.StateView}.
 */
public final class StateScopes {
    private final StateManagerImpl manager;

    private StateScopes(StateManagerImpl manager) {
        this.manager = manager;
    }

    /**
     * The scopes of a manager.
     *
     * @param manager a manager that {@link States} made
     * @return its scopes
     * @throws ArgumentException {@code invalid_argument} if somebody else made it
     */
    public static StateScopes of(StateManager manager) {
        if (manager instanceof StateManagerImpl own) {
            return new StateScopes(own);
        }
        throw new ArgumentException(
                "state manager", manager.getClass().getName(), "one that io.llmspell.state.States has made");
    }

    /**
     * Seals records beside those of state.
     *
     * @return for one batch
     */
    public Sealing sealing() {
        return new Sealing(manager.store().probes());
    }

    /**
     * Refuses a caller that may not use a scope.
     *
     * @param scope the scope
     * @param operation what it would do
     * @param caller who asks
     * @throws StateException {@code access_denied}
     */
    public void require(Scope scope, StateOperation operation, Caller caller) {
        manager.enter(caller, scope, operation, null);
    }

    /**
     * Whether a caller may read a scope; for lists, which leave out what he may not see.
     *
     * @param scope the scope
     * @param caller who asks
     * @return true if he may
     */
    public boolean readable(Scope scope, Caller caller) {
        return manager.allows(caller, scope, StateOperation.READ);
    }

    /**
     * The class that a value gets if nobody says one.
     *
     * @param key its key
     * @param caller who stores it
     * @return the class
     */
    public StateClass classOf(StateKey key, Caller caller) {
        return manager.classOf(key, null, caller);
    }

    /**
     * Applies changes together, for those who try again if others were faster: only a conflict of the last try is told to
     * hooks and as an event.
     *
     * @param changes the changes
     * @param last whether it is the last try
     * @param caller on whose behalf
     * @return how it ended
     */
    public StateCommit attempt(List<StateChange> changes, boolean last, Caller caller) {
        return new BoundStateView(manager, caller).apply(changes, last);
    }

    /**
     * Applies puts and deletes in one commit with something that must stand beside the state, such as the record of a
     * session that goes on.
     *
     * @param changes the changes, without checks
     * @param tie what must stand, asked for at each try; it throws if that is over for good
     * @param caller on whose behalf
     * @return how it ended
     */
    public StateCommit apply(List<StateChange> changes, Supplier<Write.Expect> tie, Caller caller) {
        return new BoundStateView(manager, caller).apply(changes, tie);
    }

    /**
     * The records of a scope as they are in the store, values that are in memory only left out. They are as safe to keep as
     * the store itself, but can be put back under their own keys only.
     *
     * @param scope the scope
     * @param source the store, or a snapshot of it
     * @param taken asked for each record; false ends the copy
     * @return key and record in key order
     */
    public List<Entry> copy(Scope scope, StorageReader source, Predicate<Entry> taken) {
        List<Entry> records = new ArrayList<>();
        each(scope, source, entry -> taken.test(entry) && records.add(entry));
        return records;
    }

    private void each(Scope scope, StorageReader source, Predicate<Entry> more) {
        try (Cursor cursor = source.scan(Space.STATE, Range.prefix(StateKey.prefix(scope)))) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                if (manager.store().records().counts(entry.stored()) && !more.test(entry)) {
                    return;
                }
            }
        }
    }

    /**
     * The keys of a scope as they are in the store, without passing hooks.
     *
     * @param scope the scope
     * @return the keys in order
     */
    public List<String> keys(Scope scope) {
        List<String> keys = new ArrayList<>();
        each(scope, manager.store().backend(), entry -> keys.add(StateKey.keyOf(scope, entry.key())));
        return List.copyOf(keys);
    }

    /**
     * What changes whenever somebody writes to a scope in the store.
     *
     * @param scope the scope
     * @return the newest revision of its values, and how many there are, in one number
     */
    public long fingerprint(Scope scope) {
        long[] seen = {0, 0};
        each(scope, manager.store().backend(), entry -> {
            seen[0] = Math.max(seen[0], entry.stored().revision());
            return ++seen[1] > 0;
        });
        return seen[0] * 1_000_003 + seen[1];
    }

    /**
     * How many keys of a scope are in the store.
     *
     * @param scope the scope
     * @return the number
     */
    public long count(Scope scope) {
        long[] count = {0};
        each(scope, manager.store().backend(), entry -> ++count[0] > 0);
        return count[0];
    }

    /**
     * All keys that {@link #restore} would touch.
     *
     * @param scope the scope
     * @param records what {@link #copy} gave
     * @return the keys of the records and those that are in the store, in order
     */
    public List<String> touched(Scope scope, List<Entry> records) {
        Set<String> keys = new TreeSet<>(keys(scope));
        records.forEach(record -> keys.add(StateKey.keyOf(scope, record.key())));
        return List.copyOf(keys);
    }

    /**
     * Puts a copy back in one commit: its keys get their values again, other keys of the store go. Each change passes the
     * hooks of state and is an event, as if it were written by hand.
     *
     * @param scope the scope
     * @param records what {@link #copy} gave
     * @param only the keys that may be touched
     * @param tie what must stand beside the state, asked for at each try; it throws if that is over for good
     * @param caller on whose behalf
     * @return how many keys were put back or removed
     */
    public int restore(Scope scope, List<Entry> records, Set<String> only, Supplier<Write.Expect> tie, Caller caller) {
        require(scope, StateOperation.WRITE, caller);
        AtomicInteger touched = new AtomicInteger();
        Supplier<List<Wanted>> wanted = () -> {
            List<Wanted> changes = changes(scope, records, only);
            touched.set(changes.size());
            return changes;
        };
        manager.writes().apply(wanted, tie, caller).commit().orThrow();
        return touched.get();
    }

    private List<Wanted> changes(Scope scope, List<Entry> records, Set<String> only) {
        List<Wanted> changes = new ArrayList<>();
        Set<String> kept = new HashSet<>();
        for (Entry record : records) {
            String name = StateKey.keyOf(scope, record.key());
            if (only.contains(name)) {
                Wanted put = put(StateKey.of(scope, name), record.stored());
                if (put != null) {
                    kept.add(name);
                    changes.add(put);
                }
            }
        }
        for (String name : keys(scope)) {
            if (only.contains(name) && !kept.contains(name)) {
                changes.add(Wanted.removal(StateKey.of(scope, name), Change.DELETE));
            }
        }
        return changes;
    }

    /** The change that puts a record back, or null if it has expired meanwhile. */
    private @Nullable Wanted put(StateKey key, Stored record) {
        Cell cell = manager.store().records().read(key, record);
        Duration left = null;
        if (cell.expiresAt() != Cell.NEVER) {
            long millis = cell.expiresAt() - manager.store().clock().millis();
            if (millis <= 0) {
                return null;
            }
            left = Duration.ofMillis(millis);
        }
        return new Wanted(key, Change.SET, cell.json(), false, left, cell.stateClass());
    }

    /**
     * Removes all keys of a scope, those in memory too.
     *
     * @param scope the scope
     * @param caller on whose behalf
     * @return how many there were
     */
    public int clear(Scope scope, Caller caller) {
        return manager.as(caller).clear(scope);
    }
}
