package io.llmspell.benchmarks;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each record that is read.
 *
 * @param codec reads and writes the records
 * @param read told of each
 */
record CountingCodec(RecordCodec codec, Runnable read) implements RecordCodec {
    @Override
    public Bytes encode(Bytes key, RecordHeader header, @Nullable Object value) {
        return codec.encode(key, header, value);
    }

    @Override
    public RecordHeader header(Bytes record) {
        return codec.header(record);
    }

    @Override
    public @Nullable Object decode(Bytes key, Bytes record) {
        read.run();
        return codec.decode(key, record);
    }
}
