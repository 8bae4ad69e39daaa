package io.llmspell.state;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads values: ephemeral ones first, then the cache, then the store. Expired values are absent, and are removed from
 * the store behind the reader's back.
 */
final class StateStore {
    private static final Logger LOG = LoggerFactory.getLogger(StateStore.class);
    private static final int MOST_REMOVALS = 1_000;

    /** What a listing without values looks at first: the header of nearly every record. */
    private static final int HEAD = 256;

    private final StorageBackend backend;
    private final Records records;
    private final StateClock clock;
    private final CellCache cache;
    private final EphemeralCells ephemeral;
    private final JsonLimits limits;
    private final KeyProbes probes;
    private final Function<StateKey, Cell> loader = this::load;
    private final StateWatches watches = new StateWatches();

    /** The expired keys whose removal is under way; safe for threads, at most {@link #MOST_REMOVALS} or so. */
    private final Set<StateKey> removals = ConcurrentHashMap.newKeySet();

    StateStore(
            StorageBackend backend,
            Records records,
            StateClock clock,
            CellCache cache,
            EphemeralCells ephemeral,
            JsonLimits limits,
            KeyProbes probes) {
        this.backend = backend;
        this.records = records;
        this.clock = clock;
        this.cache = cache;
        this.ephemeral = ephemeral;
        this.limits = limits;
        this.probes = probes;
    }

    StorageBackend backend() {
        return backend;
    }

    Records records() {
        return records;
    }

    StateClock clock() {
        return clock;
    }

    CellCache cache() {
        return cache;
    }

    EphemeralCells ephemeral() {
        return ephemeral;
    }

    KeyProbes probes() {
        return probes;
    }

    Secrets secrets() {
        return records.secrets();
    }

    /** How large a value may be. */
    JsonLimits limits() {
        return limits;
    }

    StateWatches watches() {
        return watches;
    }

    /** What counts under the key now. */
    Cell live(StateKey key) {
        Cell memory = ephemeral.get(key);
        if (memory != null) {
            return memory;
        }
        Cell cell = persisted(key);
        if (!cell.expired(clock)) {
            return cell;
        }
        remove(key, cell.revision());
        return Cell.ABSENT;
    }

    /** What counts under the key now if it is in memory, else null; only looks at maps. */
    @Nullable Cell atHand(StateKey key) {
        Cell memory = ephemeral.get(key);
        if (memory != null) {
            return memory;
        }
        Cell cell = cache.cached(key);
        return cell == null || cell.expired(clock) ? null : cell;
    }

    /** What the store holds under the key, expired or not. */
    Cell persisted(StateKey key) {
        return cache.get(key, loader);
    }

    private Cell load(StateKey key) {
        return backend.get(Space.STATE, key.encoded())
                .map(stored -> records.read(key, stored))
                .orElse(Cell.ABSENT);
    }

    /** The keys of a scope that count now, in order, with their cells; without values the cells are meaningless. */
    Map<String, Cell> list(Scope scope, boolean values) {
        Bytes prefix = StateKey.prefix(scope);
        int keyAt = prefix.length();
        Map<Bytes, Cell> memory = ephemeral.in(scope);
        if (memory.isEmpty()) {
            Map<String, Cell> named = new LinkedHashMap<>();
            persisted(scope, prefix, values, (key, cell) -> named.put(name(key, keyAt), cell));
            return named;
        }
        Map<Bytes, Cell> found = new TreeMap<>(memory);
        persisted(scope, prefix, values, found::putIfAbsent);
        Map<String, Cell> named = new LinkedHashMap<>();
        found.forEach((key, cell) -> named.put(name(key, keyAt), cell));
        return named;
    }

    private void persisted(Scope scope, Bytes prefix, boolean values, BiConsumer<Bytes, Cell> to) {
        try (Cursor cursor = backend.scan(Space.STATE, Range.prefix(prefix))) {
            while (values ? cursor.next() : cursor.next(HEAD)) {
                if (counts(cursor)) {
                    to.accept(
                            cursor.begin().key(), values ? read(scope, prefix.length(), cursor.entry()) : Cell.ABSENT);
                }
            }
        }
    }

    private boolean counts(Cursor cursor) {
        Stored begin = cursor.begin().stored();
        return records.counts(records.toldBy(begin) ? begin : cursor.entry().stored());
    }

    private static String name(Bytes key, int keyAt) {
        return key.text(keyAt);
    }

    private Cell read(Scope scope, int keyAt, Entry entry) {
        Bytes key = entry.key();
        return records.read(StateKey.of(scope, name(key, keyAt)), entry.stored());
    }

    private void remove(StateKey key, long revision) {
        if (removals.size() >= MOST_REMOVALS || !removals.add(key)) {
            return;
        }
        cache.begin(key);
        List<Write> writes = List.of(
                new Write.Expect(Space.STATE, key.encoded(), revision), new Write.Delete(Space.STATE, key.encoded()));
        backend.commitAsync(new Batch(writes, WriteMode.BUFFERED, done -> cache.put(key, Cell.ABSENT)))
                .doFinally(end -> {
                    cache.end(key);
                    removals.remove(key);
                })
                .subscribe(
                        commit -> {},
                        error -> LOG.debug("expired {} was not removed", key, LogText.maskedError(error)));
    }
}
