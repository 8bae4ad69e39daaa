package io.llmspell.bridge;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageReader;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.storage.RecordCodecs;
import java.util.List;
import java.util.Optional;

/**
 * What a runtime last noted about its hooks in its store, so that other processes can look at it.
 *
 * <p>A runtime notes it every 10 s and when it closes. The members are {@code timestamp}, {@code version}, {@code pid},
 * {@code closed} (whether the runtime has ended), {@code hooks} in running order and {@code points}, which explains each
 * point that has hooks. A hook whose script ended since the note before has {@code ended}. <b>Threads:</b> safe.
 */
public final class HookSnapshots {
    private static final Bytes KEY = Bytes.utf8("hooks.snapshot");
    private static final RecordCodec CODEC = RecordCodecs.create(JsonCodec.create());

    private HookSnapshots() {}

    /**
     * Reads the newest note.
     *
     * @param store a store with {@link Space#META}
     * @return the note, empty if no runtime with hooks has used the store
     * @throws io.llmspell.core.storage.StorageException {@code store_corrupt} if it is damaged
     */
    public static Optional<JsonObject> read(StorageReader store) {
        return store.get(Space.META, KEY)
                .map(stored -> CODEC.decode(KEY, stored.value()))
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast);
    }

    /** The revision of the newest note, 0 if there is none. */
    static long revision(StorageReader store) {
        Stored present = store.get(Space.META, KEY).orElse(null);
        return present == null ? 0 : present.revision();
    }

    /** Takes the place of whatever is there. */
    static Batch replacing(JsonObject note) {
        return Batch.of(WriteMode.BUFFERED, put(note));
    }

    /** Takes the place of a revision, and of no other. */
    static Batch replacing(JsonObject note, long revision) {
        return new Batch(List.of(new Write.Expect(Space.META, KEY, revision), put(note)), WriteMode.BUFFERED, null);
    }

    private static Write put(JsonObject note) {
        return new Write.Put(Space.META, KEY, CODEC.encode(KEY, RecordHeader.of("standard", null), note));
    }
}
