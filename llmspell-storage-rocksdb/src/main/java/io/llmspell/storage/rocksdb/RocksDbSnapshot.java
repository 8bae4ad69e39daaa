package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import io.llmspell.storage.spi.BatchRules;
import io.llmspell.storage.spi.HandleGate;
import io.llmspell.storage.spi.IndexKeys;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.rocksdb.ReadOptions;

/**
 * A native snapshot.
 *
 * <p>Reads hold a lease of the gate and the read side of the lock, in this order; {@link #close} takes the write side, so
 * the snapshot is not released under a running read. Nothing foreign runs under the lock.
 */
final class RocksDbSnapshot implements Snapshot, Children.Child {
    private final NativeStore store;
    private final HandleGate gate;
    private final Children children;
    private final org.rocksdb.Snapshot view;
    private final ReadOptions how;
    private final ReadOptions prefixed;
    private final long commit;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean freed;

    /** Takes the snapshot; the caller holds a lease. */
    RocksDbSnapshot(NativeStore store, HandleGate gate, Children children) {
        this.store = store;
        this.gate = gate;
        this.children = children;
        view = store.snapshot();
        how = new ReadOptions().setSnapshot(view).setTotalOrderSeek(true);
        prefixed = Tuning.within(new ReadOptions().setSnapshot(view));
        commit = store.lastCommit(how);
        children.add(this);
    }

    private <T> T read(Supplier<T> work) {
        gate.enter();
        lock.readLock().lock();
        try {
            if (freed) {
                throw new InvalidStateException("the snapshot is closed; take a new one");
            }
            return work.get();
        } finally {
            lock.readLock().unlock();
            gate.exit();
        }
    }

    @Override
    public long commit() {
        return commit;
    }

    @Override
    public Optional<Stored> get(Space space, Bytes key) {
        BatchRules.checkSpace(space, store.spaces());
        return read(() -> Optional.ofNullable(store.get(store.family(space, false), how, key)))
                .map(RocksDbCursor::stored);
    }

    @Override
    public Cursor scan(Space space, Range range) {
        BatchRules.checkSpace(space, store.spaces());
        return cursor(space, false, range);
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        return index(log, prefix, reverse, false);
    }

    /** An index scan that may take the snapshot with it when it is closed. */
    Cursor index(Space log, Bytes prefix, boolean reverse, boolean ownsView) {
        BatchRules.checkLog(log, store.spaces());
        Range range = Range.prefix(IndexKeys.prefix(prefix));
        return new IndexCursor(this, ownsView, log, cursor(log, true, reverse ? range.reversed() : range));
    }

    private Cursor cursor(Space space, boolean index, Range range) {
        ReadOptions options = Tuning.within(range) ? prefixed : how;
        return read(() ->
                new RocksDbCursor(store, gate, children, store.iterator(store.family(space, index), options), range));
    }

    @Override
    public void close() {
        if (gate.tryEnter()) {
            try {
                free();
                children.remove(this);
            } finally {
                gate.exit();
            }
        }
    }

    @Override
    public void free() {
        lock.writeLock().lock();
        try {
            if (!freed) {
                freed = true;
                how.close();
                prefixed.close();
                store.release(view);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
