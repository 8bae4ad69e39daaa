package io.llmspell.state;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.CommitListener;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Goes once over all places of sealed records and seals those again that another key has sealed. Each is replaced by
 * compare-and-set, so a writer who is faster wins, and his record is sealed with the active key already.
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

    /** How many records were sealed again; if it was not stopped and has seen all places, the other keys are retired. */
    static int run(StateStore store, BooleanSupplier stopped) {
        Map<String, Long> probes = store.probes().revisions();
        if (probes.isEmpty()) {
            return 0;
        }
        Reseal reseal = new Reseal(store, stopped);
        if (probes.keySet().equals(Set.of(reseal.active))) {
            return 0;
        }
        boolean all = true;
        for (SealedPlace place : SealedPlace.ALL) {
            all &= reseal.all(place);
        }
        if (all) {
            store.backend().flush(); // what has replaced the old records must last before their key may go
            probes.remove(reseal.active);
            probes.forEach(store.probes()::retire);
        }
        return reseal.count;
    }

    /** False if there may be more: it was stopped, or the store was opened without the space. */
    private boolean all(SealedPlace place) {
        Bytes from = place.range().from();
        do {
            if (stopped.getAsBoolean()) {
                return false;
            }
            List<Entry> page = new ArrayList<>();
            try {
                from = page(place, from, page);
            } catch (ArgumentException withoutTheSpace) {
                return false;
            }
            page.forEach(entry -> reseal(place, entry));
        } while (from.length() > 0);
        return true;
    }

    /** Collects what is sealed with other keys; gives where to go on, or nothing at the end. */
    private Bytes page(SealedPlace place, Bytes from, List<Entry> found) {
        Range rest = new Range(from, place.range().to(), false);
        try (Cursor cursor = store.backend().scan(place.space(), rest)) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                if (found.size() == PAGE) {
                    return entry.key();
                }
                if (place.sealedUnder(entry.key()) != null && store.records().sealedWithOther(entry.stored(), active)) {
                    found.add(entry);
                }
            }
        }
        return Bytes.empty();
    }

    private void reseal(SealedPlace place, Entry entry) {
        if (place.values()) {
            resealState(place, entry);
            return;
        }
        Bytes under = place.sealedUnder(entry.key());
        if (under != null) {
            Object json = store.records().open(under, entry.stored());
            commit(writes(place, entry, store.records().resealed(under, entry.stored(), json, active)), done -> {});
        }
    }

    private void resealState(SealedPlace place, Entry entry) {
        Stored stored = entry.stored();
        StateKey key = StateKey.decode(entry.key());
        Cell cell = store.records().read(key, stored);
        Bytes record = store.records().resealed(entry.key(), stored, cell.json(), active);
        store.cache().begin(key);
        try {
            commit(writes(place, entry, record), done -> store.cache().put(key, cell.at(done.number())));
        } finally {
            store.cache().end(key);
        }
    }

    private List<Write> writes(SealedPlace place, Entry entry, Bytes record) {
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Expect(place.space(), entry.key(), entry.stored().revision()));
        writes.add(new Write.Put(place.space(), entry.key(), record));
        store.probes().with(active).ifPresent(writes::add);
        return writes;
    }

    private void commit(List<Write> writes, CommitListener listener) {
        if (store.backend().commit(new Batch(writes, WriteMode.BUFFERED, listener)) instanceof Commit.Done) {
            store.probes().committed(active);
            count++;
        }
    }
}
