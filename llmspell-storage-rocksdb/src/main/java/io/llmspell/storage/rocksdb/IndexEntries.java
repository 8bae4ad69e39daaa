package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Bytes;
import io.llmspell.storage.spi.IndexKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The index entries of a group, prefix by prefix: those of one prefix stand in a row in RocksDB's buffer, where the place of
 * the next is known from the one before, while each jump to another prefix is a search of the whole buffer.
 *
 * <p>Entries of one prefix keep their order, so of two changes of one entry the later one counts. For the committing
 * thread.
 */
final class IndexEntries {
    private final Map<Row, List<Entry>> rows = new LinkedHashMap<>();

    /** All entries of an index with one prefix. */
    private record Row(int family, Bytes prefix) {}

    /**
     * A change of an index.
     *
     * @param family the number of its family
     * @param prefix under which prefix
     * @param position the position in the log
     * @param present whether the entry is there from now on
     */
    record Entry(int family, Bytes prefix, long position, boolean present) {}

    void add(List<Entry> entries) {
        for (Entry each : entries) {
            rows.computeIfAbsent(new Row(each.family, each.prefix), row -> new ArrayList<>())
                    .add(each);
        }
    }

    void writeTo(BatchImage out) {
        for (List<Entry> row : rows.values()) {
            for (Entry each : row) {
                Bytes key = IndexKeys.key(each.prefix, each.position);
                if (each.present) {
                    out.put(each.family, key, Bytes.empty());
                } else {
                    out.delete(each.family, key);
                }
            }
        }
    }
}
