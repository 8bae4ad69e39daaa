package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.storage.spi.HandleGate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * Walks over a range of a family with a native iterator, which holds the view of the moment it was made.
 *
 * <p>Every native call holds a lease of the gate and the monitor of the cursor, in this order; the monitor keeps
 * {@link #close} of another thread from freeing the iterator under a running {@link #next}.
 */
final class RocksDbCursor implements Cursor, Children.Child {
    private final NativeStore store;
    private final HandleGate gate;
    private final Children children;
    private final Range range;
    private final RocksIterator iterator;
    private boolean started;
    private boolean freed;
    private @Nullable Entry present;

    RocksDbCursor(NativeStore store, HandleGate gate, Children children, RocksIterator iterator, Range range) {
        this.store = store;
        this.gate = gate;
        this.children = children;
        this.range = range;
        this.iterator = iterator;
        children.add(this);
    }

    @Override
    public boolean next() {
        gate.enter();
        try {
            return advance();
        } finally {
            gate.exit();
        }
    }

    private synchronized boolean advance() {
        if (freed) {
            throw gate.isClosed()
                    ? StorageException.closed()
                    : new InvalidStateException("the cursor is closed; begin a new scan");
        }
        if (!started) {
            started = true;
            seek();
        } else if (present != null) {
            step();
        }
        present = iterator.isValid() ? within(Bytes.own(iterator.key())) : null;
        if (present == null) {
            store.check(iterator);
        }
        return present != null;
    }

    private @Nullable Entry within(Bytes key) {
        return range.contains(key) ? new Entry(key, stored(iterator.value())) : null;
    }

    /** Splits what a family holds into revision and value; index families hold empty values. */
    static Stored stored(byte[] raw) {
        Bytes bytes = Bytes.own(raw);
        return raw.length == 0
                ? new Stored(bytes, 0)
                : new Stored(bytes.slice(Long.BYTES, raw.length), bytes.longAt(0));
    }

    private void step() {
        if (range.reverse()) {
            iterator.prev();
        } else {
            iterator.next();
        }
    }

    private void seek() {
        if (!range.reverse()) {
            iterator.seek(range.from().toArray());
        } else if (range.to().length() == 0) {
            iterator.seekToLast();
        } else {
            iterator.seekForPrev(range.to().toArray());
            if (iterator.isValid() && Bytes.own(iterator.key()).equals(range.to())) {
                iterator.prev();
            }
        }
    }

    @Override
    public synchronized Entry entry() {
        if (present == null) {
            throw gate.isClosed()
                    ? StorageException.closed()
                    : new InvalidStateException("the cursor stands on no entry; call next() until it gives false");
        }
        return present;
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
    public synchronized void free() {
        if (!freed) {
            freed = true;
            present = null;
            iterator.close();
        }
    }
}
