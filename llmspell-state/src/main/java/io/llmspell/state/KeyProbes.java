package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.StorageReader;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A sealed record for each key that something in the store is sealed with, so that a missing or wrong key is found when
 * the store is opened and not when a secret is needed.
 *
 * <p>It is written in the batch of the first record that its key seals. {@code present} holds the keys whose record is
 * known to be there, {@code used} those that this process has sealed with; both are safe for threads and hold a few ids.
 */
final class KeyProbes {
    private static final String PREFIX = "state.key/";

    private final StorageBackend store;
    private final RecordCodec codec;
    private final Set<String> present = ConcurrentHashMap.newKeySet();
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private volatile boolean checked;

    KeyProbes(StorageBackend store, RecordCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /**
     * Opens each probe of a store.
     *
     * @return the ids of all keys that something may be sealed with
     * @throws StorageException {@code store_key_missing} or {@code store_key_wrong} if one does not open
     */
    static Set<String> check(StorageReader store, RecordCodec codec) {
        Set<String> ids = new TreeSet<>();
        try (Cursor cursor = store.scan(Space.META, Range.prefix(Bytes.utf8(PREFIX)))) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                String id = entry.key().text().substring(PREFIX.length());
                Object probe = codec.decode(entry.key(), entry.stored().value());
                if (!id.equals(probe)) {
                    throw new StorageException(
                            ErrorCode.STORE_CORRUPT, "the record of the key " + id + " is that of another key");
                }
                ids.add(id);
            }
        }
        return ids;
    }

    /** Before anything is sealed: a key that is made now must not come beside one that is only mislaid. */
    void ready() {
        if (!checked) {
            present.addAll(check(store, codec));
            checked = true;
        }
    }

    /** What must be written together with a record that a key has sealed; nothing if it is there. */
    Optional<Write> with(String keyId) {
        used.add(keyId);
        if (present.contains(keyId)) {
            return Optional.empty();
        }
        Bytes key = key(keyId);
        RecordHeader header = RecordHeader.of("standard", null).withKey(keyId);
        return Optional.of(new Write.Put(Space.META, key, codec.seal(key, header, keyId)));
    }

    private static Bytes key(String id) {
        return Bytes.utf8(PREFIX + id);
    }

    void committed(String keyId) {
        present.add(keyId);
    }

    /** The keys that something may be sealed with; looks into the store. */
    Set<String> known() {
        ready();
        return Set.copyOf(present);
    }

    /**
     * The probes as they are now.
     *
     * @return the revisions by the id of the key
     */
    Map<String, Long> revisions() {
        Map<String, Long> revisions = new TreeMap<>();
        for (String id : known()) {
            store.get(Space.META, key(id)).ifPresent(probe -> revisions.put(id, probe.revision()));
        }
        return revisions;
    }

    /**
     * Removes the probe of a key that seals nothing any more; not if this process has sealed with it, since such a record
     * may still be under way.
     *
     * @param revision the revision of the probe before it was found that the key seals nothing: a record that came later
     *     has written it again
     * @return whether it is gone
     */
    boolean retire(String keyId, long revision) {
        present.remove(keyId); // first: whoever seals from now on writes the probe again
        if (!used.contains(keyId)) {
            List<Write> gone = List.of(
                    new Write.Expect(Space.META, key(keyId), revision), new Write.Delete(Space.META, key(keyId)));
            if (store.commit(new Batch(gone, WriteMode.DURABLE, null)) instanceof Commit.Done) {
                return true;
            }
        }
        present.add(keyId);
        return false;
    }
}
