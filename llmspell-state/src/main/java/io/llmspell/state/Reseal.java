package io.llmspell.state;

import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Goes once over all records and seals those again that another key has sealed. Each is replaced by compare-and-set, so
 * a writer who is faster wins, and his record is sealed with the active key already.
 */
final class Reseal {
    private static final int PAGE = 64;

    private final StateStore store;
    private final BooleanSupplier stopped;
    private final String active;
    private int count;

    Reseal(StateStore store, BooleanSupplier stopped) {
        this.store = store;
        this.stopped = stopped;
        this.active = store.records().sealingKey();
    }

    /** How many records were sealed again; if it was not stopped, the other keys are retired. */
    static int run(StateStore store, BooleanSupplier stopped) {
        Set<String> keys = store.probes().known();
        if (keys.isEmpty()) {
            return 0;
        }
        Reseal reseal = new Reseal(store, stopped);
        if (keys.equals(Set.of(reseal.active))) {
            return 0;
        }
        if (reseal.all()) {
            store.backend().flush(); // what has replaced the old records must last before their key may go
            store.probes().retireAllBut(reseal.active);
        }
        return reseal.count;
    }

    private boolean all() {
        Bytes from = Bytes.empty();
        do {
            if (stopped.getAsBoolean()) {
                return false;
            }
            List<Entry> page = new ArrayList<>();
            from = page(from, page);
            page.forEach(this::reseal);
        } while (from.length() > 0);
        return true;
    }

    /** Collects what is sealed with other keys; gives where to go on, or nothing at the end. */
    private Bytes page(Bytes from, List<Entry> found) {
        try (Cursor cursor = store.backend().scan(Space.STATE, new Range(from, Bytes.empty(), false))) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                if (found.size() == PAGE) {
                    return entry.key();
                }
                if (store.records().sealedWithOther(entry.stored(), active)) {
                    found.add(entry);
                }
            }
        }
        return Bytes.empty();
    }

    private void reseal(Entry entry) {
        Stored stored = entry.stored();
        StateKey key = StateKey.decode(entry.key());
        Cell cell = store.records().read(key, stored);
        Bytes record = store.records().resealed(entry.key(), stored, cell.json(), active);
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Expect(Space.STATE, entry.key(), stored.revision()));
        writes.add(new Write.Put(Space.STATE, entry.key(), record));
        store.probes().with(active).ifPresent(writes::add);
        store.cache().begin(key);
        try {
            Commit commit = store.backend()
                    .commit(new Batch(
                            writes, WriteMode.BUFFERED, done -> store.cache().put(key, cell.at(done.number()))));
            if (commit instanceof Commit.Done) {
                store.probes().committed(active);
                count++;
            }
        } finally {
            store.cache().end(key);
        }
    }
}
