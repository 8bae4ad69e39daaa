package io.llmspell.storage;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Walks over a range of a tree; the stack holds the nodes whose own key and far side are still to come. */
final class TreapCursor implements Cursor {
    private final Range range;
    private final Runnable guard;
    private final Deque<Treap> stack = new ArrayDeque<>();
    private @Nullable Treap present;
    private volatile boolean closed;

    /**
     * Makes a cursor before the first key.
     *
     * @param guard throws if the reader that made the cursor was closed
     */
    TreapCursor(@Nullable Treap tree, Range range, Runnable guard) {
        this.range = range;
        this.guard = guard;
        descend(tree);
    }

    private void descend(@Nullable Treap tree) {
        Treap at = tree;
        while (at != null) {
            if (before(at.key())) {
                at = far(at);
            } else {
                stack.push(at);
                at = range.reverse() ? at.right() : at.left();
            }
        }
    }

    private @Nullable Treap far(Treap node) {
        return range.reverse() ? node.left() : node.right();
    }

    /** Whether a key comes before the range in the direction of the walk. */
    private boolean before(Bytes key) {
        return range.reverse() ? above(key) : key.compareTo(range.from()) < 0;
    }

    private boolean behind(Bytes key) {
        return range.reverse() ? key.compareTo(range.from()) < 0 : above(key);
    }

    private boolean above(Bytes key) {
        return range.to().length() > 0 && key.compareTo(range.to()) >= 0;
    }

    @Override
    public boolean next() {
        guard.run();
        if (closed) {
            throw new InvalidStateException("the cursor is closed; begin a new scan");
        }
        present = stack.poll();
        if (present != null && behind(present.key())) {
            present = null;
            stack.clear();
        }
        if (present != null) {
            descend(far(present));
        }
        return present != null;
    }

    @Override
    public Entry entry() {
        if (present == null || closed) {
            throw new InvalidStateException("the cursor stands on no entry; call next() until it gives false");
        }
        return new Entry(present.key(), present.stored());
    }

    @Override
    public void close() {
        closed = true;
    }
}
