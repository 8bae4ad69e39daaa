package io.llmspell.state;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Seals the secret records of one batch, so that the store knows with their commit which keys it needs.
 *
 * <p>Who seals a record in any space does it through this, adds {@link #writes} to the batch of the record, and calls
 * {@link #committed} when the batch is written. <b>Threads:</b> for one thread; used for one batch.
 */
public final class Sealing {
    private final KeyProbes probes;
    private final Set<String> keys = new LinkedHashSet<>();

    Sealing(KeyProbes probes) {
        this.probes = probes;
    }

    /**
     * Sealing for a store without a manager of state; with one, {@link StateScopes#sealing} must be used.
     *
     * @param store the store, with {@link io.llmspell.core.storage.Space#META}
     * @param codec the codec with the keys
     * @return gives one for each batch
     */
    public static Supplier<Sealing> of(StorageBackend store, RecordCodec codec) {
        KeyProbes probes = new KeyProbes(store, codec);
        return () -> new Sealing(probes);
    }

    /**
     * Seals a record.
     *
     * @param codec the codec of the space
     * @param key the key of the record
     * @param header what the record says of itself
     * @param value a JSON value
     * @return the record
     * @throws StorageException {@code store_key_missing} or {@code store_key_wrong}, also if the store needs a key that is
     *     not there: a key that is made now must not come beside one that is only mislaid
     */
    public Bytes seal(RecordCodec codec, Bytes key, RecordHeader header, @Nullable Object value) {
        probes.ready();
        Bytes record = codec.seal(key, header, value);
        keys.add(Objects.requireNonNull(codec.header(record).keyId(), "a sealed record names its key"));
        return record;
    }

    /**
     * What belongs into the batch of the sealed records.
     *
     * @return usually nothing: the store knows a key from the first record on that it has sealed
     */
    public List<Write> writes() {
        List<Write> writes = new ArrayList<>();
        keys.forEach(key -> probes.with(key).ifPresent(writes::add));
        return writes;
    }

    /** Says that the batch was written. */
    public void committed() {
        keys.forEach(probes::committed);
    }
}
