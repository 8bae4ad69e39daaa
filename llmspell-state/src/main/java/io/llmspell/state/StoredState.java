package io.llmspell.state;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.time.TimeSource;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of a store at one commit, read without a manager: for tools that look at a store, also beside the process
 * that writes it.
 *
 * <p>It knows no callers, fires no hooks and masks every secret; so it is for the owner of the folder and not for
 * scripts. Values that live in memory only are not in it, expired ones are left out. <b>Threads:</b> safe.
 * <b>Errors:</b> {@link io.llmspell.core.storage.StorageException}.
 */
public final class StoredState implements Handle {
    private static final Range ALL = Range.prefix(Bytes.empty());

    private final Snapshot snapshot;
    private final RecordCodec codec;
    private final Records records;
    private final Redactor redactor;

    private StoredState(Snapshot snapshot, RecordCodec codec, Redactor redactor, TimeSource time) {
        this.snapshot = snapshot;
        this.codec = codec;
        this.records = new Records(codec, new StateClock(time), new Secrets(redactor));
        this.redactor = redactor;
    }

    /**
     * The state of a store as it is now.
     *
     * @param store an open store with the space {@code state} and snapshots; not closed by {@link #close}
     * @param codec reads its records
     * @param redactor tells what is a secret
     * @param time tells what has expired
     * @return the state; must be closed
     * @throws io.llmspell.core.storage.StorageException {@code store_unsupported} if the store has no snapshots
     */
    public static StoredState of(StorageBackend store, RecordCodec codec, Redactor redactor, TimeSource time) {
        return new StoredState(store.snapshot(), codec, redactor, time);
    }

    /**
     * The newest commit that is seen.
     *
     * @return the number of the commit, 0 for an empty store
     */
    public long commit() {
        return snapshot.commit();
    }

    /**
     * Reads one value.
     *
     * @param key the key
     * @return the value, or empty if there is none or it has expired
     */
    public Optional<StoredValue> get(StateKey key) {
        return snapshot.get(Space.STATE, key.encoded()).filter(records::counts).map(stored -> value(key, stored));
    }

    /**
     * Reads the values of a scope, or of all, in the order of scopes and keys.
     *
     * @param scope the scope, or null for all
     * @param action gets each value as it is read
     */
    public void each(@Nullable Scope scope, Consumer<StoredValue> action) {
        Range range = scope == null ? ALL : Range.prefix(StateKey.prefix(scope));
        try (Cursor cursor = snapshot.scan(Space.STATE, range)) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                if (records.counts(entry.stored())) {
                    action.accept(value(StateKey.decode(entry.key()), entry.stored()));
                }
            }
        }
    }

    /**
     * Reads every record of state and compares its checksum.
     *
     * @return how many records there are, expired ones included
     * @throws io.llmspell.core.storage.StorageException {@code store_corrupt} naming the key of a damaged record
     */
    public long verify() {
        long count = 0;
        try (Cursor cursor = snapshot.scan(Space.STATE, ALL)) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                codec.header(entry.stored().value());
                codec.decode(entry.key(), entry.stored().value());
                count++;
            }
        }
        return count;
    }

    /** A sensitive value is not even read: nothing of it is shown. */
    private StoredValue value(StateKey key, Stored stored) {
        int bytes = stored.value().length();
        Instant expiresAt = codec.header(stored.value()).expiresAt();
        StateClass stateClass = records.stateClass(stored);
        if (stateClass == StateClass.SENSITIVE) {
            return new StoredValue(key, Redactor.MASK, true, stateClass, stored.revision(), expiresAt, bytes);
        }
        Object json = records.read(key, stored).json();
        Object shown = redactor.member(key.key(), json);
        return new StoredValue(key, shown, shown != json, stateClass, stored.revision(), expiresAt, bytes);
    }

    /** Lets the snapshot go. Idempotent. */
    @Override
    public void close() {
        snapshot.close();
    }
}
