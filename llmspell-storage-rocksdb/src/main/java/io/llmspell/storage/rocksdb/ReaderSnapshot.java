package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import io.llmspell.storage.spi.BatchRules;
import io.llmspell.storage.spi.IndexKeys;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The view of a reader, held until it is closed. */
final class ReaderSnapshot implements Snapshot {
    private final RocksDbReader reader;
    private final ReaderView view;
    private final Set<Space> spaces;
    private final long commit;
    private final AtomicBoolean closed = new AtomicBoolean();

    ReaderSnapshot(RocksDbReader reader, ReaderView view, Set<Space> spaces) {
        this.reader = reader;
        this.view = view;
        this.spaces = spaces;
        this.commit = view.store.lastCommit(view.store.plain());
    }

    private <T> T read(Supplier<T> work) {
        return reader.locked(() -> {
            if (closed.get()) {
                throw new InvalidStateException("the snapshot is closed; take a new one");
            }
            return work.get();
        });
    }

    @Override
    public long commit() {
        return commit;
    }

    @Override
    public Optional<Stored> get(Space space, Bytes key) {
        BatchRules.checkSpace(space, spaces);
        return read(() -> RocksDbReader.read(view, space, key));
    }

    @Override
    public Cursor scan(Space space, Range range) {
        BatchRules.checkSpace(space, spaces);
        return read(() -> reader.cursor(view, space, false, range));
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        return index(log, prefix, reverse, false);
    }

    /** An index scan that may take the snapshot with it when it is closed. */
    Cursor index(Space log, Bytes prefix, boolean reverse, boolean ownsView) {
        BatchRules.checkLog(log, spaces);
        Range range = Range.prefix(IndexKeys.prefix(prefix));
        Cursor keys = read(() -> reader.cursor(view, log, true, reverse ? range.reversed() : range));
        return new IndexCursor(this, ownsView, log, keys);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            reader.release(view);
        }
    }
}
