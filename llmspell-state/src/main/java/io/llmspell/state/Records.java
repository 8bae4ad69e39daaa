package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
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
    private final Secrets secrets;

    Records(RecordCodec codec, StateClock clock, Secrets secrets) {
        this.codec = codec;
        this.clock = clock;
        this.secrets = secrets;
    }

    Secrets secrets() {
        return secrets;
    }

    /** The record of a cell; sealed as a whole if anything in it is secret. */
    Bytes write(Bytes key, Cell cell, CorrelationId correlation) {
        Instant expiry = cell.expiresAt() == Cell.NEVER ? null : Instant.ofEpochMilli(cell.expiresAt());
        RecordHeader header = new RecordHeader("", "0.0.0", cell.stateClass().id(), expiry, correlation);
        if (cell.secrecy() == Secrecy.NONE) {
            return codec.encode(key, header, cell.json());
        }
        return codec.seal(key, header, cell.json());
    }

    /** The id of the key that a record is sealed with, or null. */
    @Nullable String keyOf(Bytes record) {
        return codec.header(record).keyId();
    }

    String sealingKey() {
        return codec.sealingKey();
    }

    boolean sealedWithOther(Stored stored, String keyId) {
        String with = keyOf(stored.value());
        return with != null && !with.equals(keyId);
    }

    /** The same record, sealed with another key. */
    Bytes resealed(Bytes key, Stored stored, @Nullable Object json, String keyId) {
        return codec.seal(key, codec.header(stored.value()).withKey(keyId), json);
    }

    /** The value of a record that need not be one of state. */
    @Nullable Object open(Bytes key, Stored stored) {
        return codec.decode(key, stored.value());
    }

    /** Whether the record still counts; reads of the header no more than that. */
    boolean counts(Stored stored) {
        long expiry = expiry(codec.expiresAt(stored.value()));
        return expiry == Cell.NEVER || expiry > clock.millis();
    }

    /** Whether the first bytes of a record are enough for {@link #counts}. */
    boolean toldBy(Stored begin) {
        return codec.headLength(begin.value()) <= begin.value().length();
    }

    /** The class of a record, without its value. */
    StateClass stateClass(Stored stored) {
        return stateClass(codec.header(stored.value()).stateClass());
    }

    Cell read(StateKey key, Stored stored) {
        RecordHeader header = codec.header(stored.value());
        Object json = codec.decode(key.encoded(), stored.value());
        StateClass stateClass = stateClass(header.stateClass());
        Secrecy secrecy = secrets.of(key, stateClass, json);
        return Cell.of(json, stored.revision(), stateClass, expiry(header.expiresAt()), secrecy)
                .recorded(stored.value().length());
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
