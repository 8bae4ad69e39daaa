package io.llmspell.events;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Keeps the first event number that no process has reserved yet: the number (8 bytes) and the CRC32C of key and number
 * (8 bytes). Not as JSON, whose parser takes JDK 25 some 10 ms at its first use; stores of older releases hold JSON, which
 * is read once.
 *
 * <p><b>Threads:</b> for one thread at a time. The record is written durably and only over the revision that was read,
 * so that two buses on one store find each other out.
 */
final class NumberStore {
    private static final Bytes KEY = Bytes.utf8("events.next_sequence");
    private static final int LENGTH = 2 * Long.BYTES;

    private final StorageBackend store;
    private final RecordCodec codec;
    private long revision;

    NumberStore(StorageBackend store, RecordCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /** The first number that is free. */
    long open() {
        Optional<Stored> found = store.get(Space.META, KEY);
        revision = found.map(Stored::revision).orElse(0L);
        return found.map(Stored::value).map(this::number).orElse(1L);
    }

    private long number(Bytes record) {
        if (record.length() == LENGTH) {
            Bytes number = record.slice(0, Long.BYTES);
            if (record.equals(checked(number))) {
                return number.longAt(0);
            }
            throw new StorageException(
                    ErrorCode.STORE_CORRUPT,
                    "the record of event numbers in the meta space is damaged: its checksum is wrong");
        }
        if (codec.decode(KEY, record) instanceof Map<?, ?> value && value.get("next") instanceof Long next) {
            return next;
        }
        throw new InvalidStateException("the record of event numbers in the meta space holds no number");
    }

    /** Reserves a block from a number on; gives the number behind it. */
    long reserve(long from, long size) {
        Bytes record = checked(Bytes.ofLong(from + size));
        Commit commit = store.commit(Batch.of(
                WriteMode.DURABLE,
                new Write.Expect(Space.META, KEY, revision),
                new Write.Put(Space.META, KEY, record)));
        if (commit instanceof Commit.Done done) {
            revision = done.number();
            return from + size;
        }
        throw new InvalidStateException(
                "another bus reserves event numbers in the same store; give each store to one bus only");
    }

    private static Bytes checked(Bytes number) {
        CRC32C crc = new CRC32C();
        crc.update(KEY.view());
        crc.update(number.view());
        return number.plus(Bytes.ofLong(crc.getValue()));
    }
}
