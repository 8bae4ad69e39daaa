package io.llmspell.state;

import io.llmspell.core.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * What stood under a key before a change, read when somebody asks.
 *
 * <p>What a hook has seen must still be true at the commit; what only an event tells may be read again. Hooks may run on
 * other threads than the commit, hence the volatile fields.
 */
final class Prior {
    private final StateStore store;
    private final StateKey key;
    private final @Nullable Prior earlier;
    private volatile @Nullable Cell cell;
    private volatile @Nullable Cell first;
    private volatile boolean shown;

    Prior(StateStore store, StateKey key) {
        this(store, key, null, null);
    }

    private Prior(StateStore store, StateKey key, @Nullable Prior earlier, @Nullable Cell cell) {
        this.store = store;
        this.key = key;
        this.earlier = earlier;
        this.cell = cell;
    }

    /** The prior of a second change of the same key in one transaction: what the first one makes of it. */
    Prior after(Cell made) {
        return new Prior(store, key, this, made);
    }

    Cell cell() {
        Cell known = cell;
        if (known == null) {
            known = store.live(key);
            cell = known;
        }
        if (first == null) {
            first = known;
        }
        return known;
    }

    /** What stood there when somebody first asked, so that one answer about it holds to the end of the change. */
    Cell first() {
        Cell known = first;
        return known == null ? cell() : known;
    }

    /** For a hook. */
    Cell show() {
        shown = true;
        return cell();
    }

    /** What was read, or null if nobody asked. */
    @Nullable Cell known() {
        return cell;
    }

    boolean shown() {
        return shown;
    }

    /** Whether the cell is made by the same transaction, so that the store cannot be asked about it. */
    boolean made() {
        return earlier != null;
    }

    /** Forgets what no hook has seen. */
    void refresh() {
        if (!shown && earlier == null) {
            cell = null;
        }
    }
}
