package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NumberStoreTest {
    private static final Bytes KEY = Bytes.utf8("events.next_sequence");

    private final RecordCodec codec = RecordCodecs.create(JsonCodec.create());
    private final StorageBackend store = MemoryStorage.create(Set.of(Space.META));

    private NumberStore numbers() {
        return new NumberStore(store, codec);
    }

    private void put(Bytes record) {
        store.commit(Batch.of(WriteMode.DURABLE, new Write.Put(Space.META, KEY, record)))
                .orThrow();
    }

    @Test
    void open_afterAReservation_goesOnBehindIt() {
        NumberStore first = numbers();
        assertThat(first.open()).isOne();
        assertThat(first.reserve(1, 100)).isEqualTo(101);

        assertThat(numbers().open()).isEqualTo(101);
    }

    @Test
    void open_recordOfAnOlderRelease_isRead() {
        put(codec.encode(KEY, RecordHeader.of("standard", null), JsonObject.of("next", 20_001L)));
        NumberStore numbers = numbers();

        assertThat(numbers.open()).isEqualTo(20_001);
        assertThat(numbers.reserve(20_001, 10)).isEqualTo(20_011);
        assertThat(numbers().open()).isEqualTo(20_011);
    }

    @Test
    void open_damagedRecord_isRefused() {
        numbers().reserve(1, 100);
        byte[] record = store.get(Space.META, KEY).orElseThrow().value().toArray();
        record[7] ^= 1;
        put(Bytes.own(record));

        assertThatThrownBy(() -> numbers().open())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the record of event numbers in the meta space is damaged");
    }
}
