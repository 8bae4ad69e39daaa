package io.llmspell.storage;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Holds one view of a memory store; the view itself keeps nothing back but its own nodes. */
final class MemorySnapshot implements Snapshot {
    private final MemoryView view;
    private final Runnable storeGuard;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    MemorySnapshot(MemoryView view, Runnable storeGuard, Runnable onClose) {
        this.view = view;
        this.storeGuard = storeGuard;
        this.onClose = onClose;
    }

    private void guard() {
        storeGuard.run();
        if (closed.get()) {
            throw new InvalidStateException("the snapshot is closed; take a new one");
        }
    }

    @Override
    public long commit() {
        return view.commit();
    }

    @Override
    public Optional<Stored> get(Space space, Bytes key) {
        guard();
        return MemoryReader.get(view, space, key);
    }

    @Override
    public Cursor scan(Space space, Range range) {
        guard();
        return MemoryReader.scan(view, space, range, this::guard);
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        guard();
        return MemoryReader.index(view, log, prefix, reverse, this::guard);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }
}
