package io.llmspell.state;

import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Bytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values of class ephemeral: in memory only, the least recently used go first.
 *
 * <pre>
 * cells     read by anybody; written under lock.
 * buckets   how many keys of each hash there are, counted up before a key comes and down after it has gone: most reads are
 *           of keys that are not ephemeral, and zero spares them the search.
 * scopes    how many keys of each scope there are, in the same way: listing looks at all cells.
 * order     the same keys from the least to the most recently used, with their weights; under lock.
 * lock      held while a change that touches ephemeral values is decided and applied, also across the commit of its
 *           persistent part; nothing foreign runs under it but commit listeners, which only enqueue.
 * </pre>
 */
final class EphemeralCells {
    private static final int BUCKETS = 1 << 13;

    private final ConcurrentHashMap<StateKey, Cell> cells = new ConcurrentHashMap<>();
    private final AtomicIntegerArray buckets = new AtomicIntegerArray(BUCKETS);
    private final ConcurrentHashMap<Scope, Integer> scopes = new ConcurrentHashMap<>();
    private final LinkedHashMap<StateKey, Integer> order = new LinkedHashMap<>(16, 0.75f, true);
    private final ReentrantLock lock = new ReentrantLock();
    private final StateClock clock;
    private final int limit;
    private int weight;
    private long lastVersion;

    EphemeralCells(int limit, StateClock clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /** The value that counts now; reading it makes it recently used, unless a change is under way. */
    @Nullable Cell get(StateKey key) {
        Cell cell = peek(key);
        if (cell != null && lock.tryLock()) {
            try {
                order.get(key);
            } finally {
                lock.unlock();
            }
        }
        return cell;
    }

    @Nullable Cell peek(StateKey key) {
        if (buckets.get(bucket(key)) == 0) {
            return null;
        }
        Cell cell = cells.get(key);
        return cell == null || cell.expired(clock) ? null : cell;
    }

    Map<Bytes, Cell> in(Scope scope) {
        Map<Bytes, Cell> found = new TreeMap<>();
        if (!scopes.containsKey(scope)) {
            return found;
        }
        cells.forEach((key, cell) -> {
            if (key.scope().equals(scope) && !cell.expired(clock)) {
                found.put(key.encoded(), cell);
            }
        });
        return found;
    }

    <T> T locked(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: a version that no other value has; negative, so that it is no commit number. */
    long nextVersion() {
        return --lastVersion;
    }

    /** Under the lock. */
    void put(StateKey key, Cell cell) {
        remove(key);
        int heavy = CellCache.weight(cell.json());
        counted(key, 1);
        cells.put(key, cell);
        order.put(key, heavy);
        weight += heavy;
        Iterator<Map.Entry<StateKey, Integer>> oldest = order.entrySet().iterator();
        while (weight > limit && order.size() > 1) {
            Map.Entry<StateKey, Integer> gone = oldest.next();
            drop(gone.getKey());
            weight -= gone.getValue();
            oldest.remove();
        }
    }

    /** Under the lock. */
    void remove(StateKey key) {
        drop(key);
        Integer heavy = order.remove(key);
        weight -= heavy == null ? 0 : heavy;
    }

    private void drop(StateKey key) {
        if (cells.remove(key) != null) {
            counted(key, -1);
        }
    }

    /** Under the lock. */
    private void counted(StateKey key, int more) {
        buckets.addAndGet(bucket(key), more);
        scopes.compute(key.scope(), (scope, count) -> {
            int sum = (count == null ? 0 : count) + more;
            return sum == 0 ? null : sum;
        });
    }

    private static int bucket(StateKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
    }
}
