package io.llmspell.state;

import io.llmspell.core.state.StateKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Cells under their keys, bounded by weight; those that were not used for longest go first, or nearly so.
 *
 * <pre>
 * cells   read by anybody; written under the monitor.
 * ring    the same cells, linked in a ring; hand is the next to be looked at. Under the monitor.
 * used    the mark of a cell. Readers set it without any order: a mark that is lost costs a good place, nothing else.
 * </pre>
 *
 * When room is needed the hand goes round: it passes a cell with a mark and takes the mark away, and removes one without.
 * Where a new cell comes in decides what this is. Behind the hand it is CLOCK: all others are looked at before it, so
 * that a value that was just written is the last to go. At the newest it is SIEVE (Zhang
 * et al., NSDI 2024): what was never read again goes soon, which keeps more of what is read often. A hit is one look-up,
 * and one write if the mark is not there yet; there is no queue and no background work.
 */
final class BoundedCells {
    /** The longest way of the hand under the monitor: then the next goes, mark or not. */
    private static final int MOST_PASSED = 1_000;

    /** Where new cells come in. */
    enum Entry {
        /** Last in the way of the hand. */
        BEHIND_THE_HAND,
        /** After the one that came before. */
        AT_THE_NEWEST
    }

    private final ConcurrentHashMap<StateKey, HeldCell> cells = new ConcurrentHashMap<>();
    private final int limit;
    private final Entry entry;
    private final ObjIntConsumer<StateKey> counter;
    private @Nullable HeldCell hand;
    private @Nullable HeldCell newest;
    private int weight;

    /**
     * Makes room for cells.
     *
     * @param limit the largest sum of their weights
     * @param entry where new ones come in
     * @param counter told 1 before a key comes and -1 after it has gone, under the monitor
     */
    BoundedCells(int limit, Entry entry, ObjIntConsumer<StateKey> counter) {
        this.limit = limit;
        this.entry = entry;
        this.counter = counter;
    }

    /** The cell, which counts as used. */
    @Nullable Cell get(StateKey key) {
        HeldCell cell = cells.get(key);
        if (cell != null && !cell.used) {
            cell.used = true;
        }
        return cell;
    }

    /** The cell, whose place stays as it is. */
    @Nullable Cell peek(StateKey key) {
        return cells.get(key);
    }

    void forEach(BiConsumer<StateKey, Cell> action) {
        cells.forEach(action);
    }

    /** Puts a cell; one that is heavier than all may be stays alone. */
    synchronized void put(StateKey key, Cell cell) {
        HeldCell fresh = new HeldCell(key, cell);
        HeldCell old = cells.get(key);
        if (old != null) {
            fresh.used = old.used;
            unlink(old);
        }
        makeRoom(limit - fresh.weight());
        if (old == null) {
            counter.accept(key, 1);
        }
        link(fresh);
        cells.put(key, fresh);
    }

    synchronized void remove(StateKey key) {
        HeldCell old = cells.remove(key);
        if (old != null) {
            unlink(old);
            counter.accept(key, -1);
        }
    }

    private void makeRoom(int most) {
        int passed = 0;
        for (HeldCell next = hand; next != null && weight > most; next = hand) {
            if (next.used && passed < MOST_PASSED) {
                next.used = false;
                hand = next.after;
                passed++;
            } else {
                cells.remove(next.key);
                unlink(next);
                counter.accept(next.key, -1);
            }
        }
    }

    private void link(HeldCell fresh) {
        HeldCell next = hand;
        HeldCell last = newest;
        if (next == null || last == null) {
            hand = fresh;
        } else {
            HeldCell before = entry == Entry.BEHIND_THE_HAND ? next.before : last;
            fresh.before = before;
            fresh.after = before.after;
            fresh.after.before = fresh;
            before.after = fresh;
        }
        newest = fresh;
        weight += fresh.weight();
    }

    @SuppressWarnings("ReferenceEquality") // places in the ring
    private void unlink(HeldCell gone) {
        boolean alone = gone.after == gone;
        if (gone == hand) {
            hand = alone ? null : gone.after;
        }
        if (gone == newest) {
            newest = alone ? null : gone.before;
        }
        gone.before.after = gone.after;
        gone.after.before = gone.before;
        weight -= gone.weight();
    }
}
