package io.llmspell.state;

import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Bytes;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values of class ephemeral: in memory only. When there are too many, those that were not used for longest go first, as
 * CLOCK sees it: a value that was read since it was last looked at is passed over once, and one that was just written is
 * looked at last. Which of two values was read later it does not know.
 *
 * <pre>
 * cells     read by anybody; written under lock.
 * there     which keys may be among the cells; written with them.
 * scopes    how many keys of each scope there are, counted up before a key comes and down after it has gone: listing looks
 *           at all cells.
 * lock      held while a change that touches ephemeral values is decided and applied, also across the commit of its
 *           persistent part; nothing foreign runs under it but commit listeners, which only enqueue.
 * </pre>
 */
final class EphemeralCells {
    private final BoundedCells cells;
    private final KeyFilter there;
    private final ConcurrentHashMap<Scope, Integer> scopes = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final StateClock clock;
    private long lastVersion;

    EphemeralCells(int limit, StateClock clock) {
        this.cells = new BoundedCells(limit, BoundedCells.Entry.BEHIND_THE_HAND, this::counted);
        this.there = new KeyFilter(limit);
        this.clock = clock;
    }

    /** The value that counts now; reading it makes it recently used. */
    @Nullable Cell get(StateKey key) {
        return there.mayHold(key) ? live(cells.get(key)) : null;
    }

    @Nullable Cell peek(StateKey key) {
        return there.mayHold(key) ? live(cells.peek(key)) : null;
    }

    private @Nullable Cell live(@Nullable Cell cell) {
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
        cells.put(key, cell);
    }

    /** Under the lock. */
    void remove(StateKey key) {
        cells.remove(key);
    }

    private void counted(StateKey key, int more) {
        there.counted(key, more);
        scopes.compute(key.scope(), (scope, count) -> {
            int sum = (count == null ? 0 : count) + more;
            return sum == 0 ? null : sum;
        });
    }
}
