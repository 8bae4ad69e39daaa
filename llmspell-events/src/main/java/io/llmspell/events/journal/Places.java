package io.llmspell.events.journal;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.StorageReader;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the places of durable subscriptions in the meta space.
 *
 * <p><b>Threads:</b> safe; one subscription at a time writes the place of a name.
 */
final class Places {
    private final StorageReader store;
    private final Bytes keys;

    Places(StorageReader store, Space log) {
        this.store = store;
        this.keys = Bytes.utf8("events.cursor:" + log.name() + ":");
    }

    /**
     * How far a subscription got.
     *
     * @param handled everything up to this position is done
     * @param claimed nothing behind this position was ever handed to the handler
     */
    record Place(long handled, long claimed) {}

    Optional<Place> read(String name) {
        return store.get(Space.META, key(name)).map(stored -> place(name, stored.value()));
    }

    private Bytes key(String name) {
        return keys.plus(Bytes.utf8(name));
    }

    private static Place place(String name, Bytes value) {
        if (value.length() != 2 * Long.BYTES) {
            throw new StorageException(
                    ErrorCode.STORE_CORRUPT,
                    "the place of the durable subscription \"" + name + "\" is " + value.length()
                            + " bytes long, but must be 16; restore the store from a backup");
        }
        return new Place(value.longAt(0), value.longAt(Long.BYTES));
    }

    /** Keeps a place so that it survives a killed process. */
    void write(StorageBackend target, String name, Place place) {
        Bytes value = Bytes.ofLong(place.handled).plus(Bytes.ofLong(place.claimed));
        target.commit(Batch.of(WriteMode.BUFFERED, new Write.Put(Space.META, key(name), value)))
                .orThrow();
    }

    boolean forget(StorageBackend target, String name) {
        if (read(name).isEmpty()) {
            return false;
        }
        target.commit(Batch.of(WriteMode.BUFFERED, new Write.Delete(Space.META, key(name))))
                .orThrow();
        return true;
    }

    /** The handled positions of all names. */
    Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        try (Cursor cursor = store.scan(Space.META, Range.prefix(keys))) {
            while (cursor.next()) {
                Bytes key = cursor.entry().key();
                String name = key.slice(keys.length(), key.length()).text();
                all.put(name, place(name, cursor.entry().stored().value()).handled);
            }
        }
        return all;
    }
}
