package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Turns cells into records of the store and back. */
final class Records {
    private final RecordCodec codec;
    private final StateClock clock;

    Records(RecordCodec codec, StateClock clock) {
        this.codec = codec;
        this.clock = clock;
    }

    Bytes write(Bytes key, Cell cell, CorrelationId correlation) {
        Instant expiry = cell.expiresAt() == Cell.NEVER ? null : Instant.ofEpochMilli(cell.expiresAt());
        RecordHeader header = new RecordHeader("", "0.0.0", cell.stateClass().id(), expiry, correlation);
        return codec.encode(key, header, cell.json());
    }

    /** Whether the record still counts; reads the header alone. */
    boolean counts(Stored stored) {
        long expiry = expiry(codec.header(stored.value()).expiresAt());
        return expiry == Cell.NEVER || expiry > clock.millis();
    }

    /** The class of a record, without its value. */
    StateClass stateClass(Stored stored) {
        return stateClass(codec.header(stored.value()).stateClass());
    }

    Cell read(Bytes key, Stored stored) {
        RecordHeader header = codec.header(stored.value());
        Object json = codec.decode(key, stored.value());
        return Cell.of(json, stored.revision(), stateClass(header.stateClass()), expiry(header.expiresAt()));
    }

    private static long expiry(@Nullable Instant instant) {
        return instant == null ? Cell.NEVER : instant.toEpochMilli();
    }

    private static StateClass stateClass(String id) {
        for (StateClass each : StateClass.values()) {
            if (each.id().equals(id)) {
                return each;
            }
        }
        throw new StorageException(
                ErrorCode.STORE_TOO_NEW,
                "a record of state has the class \"" + id
                        + "\", which this release does not know; open the store with the release that wrote it");
    }
}
