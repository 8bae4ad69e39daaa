package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.storage.spi.HandleGate;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * Walks over a range of a family with a native iterator, which holds the view of the moment it was made.
 *
 * <p>Every native call holds a lease of the gate and the monitor of the cursor, in this order; the monitor keeps
 * {@link #close} of another thread from freeing the iterator under a running {@link #next}.
 */
final class RocksDbCursor implements Cursor, Children.Child {
    private static final int SCRATCH = 4 << 10;

    private final NativeStore store;
    private final HandleGate gate;
    private final Children children;
    private final Range range;
    private final RocksIterator iterator;

    /** Where the library writes keys and values to; what is larger comes in an array of its own. */
    private final byte[] scratch = new byte[SCRATCH];

    private boolean started;
    private boolean freed;
    private boolean cut;
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
        return next(Integer.MAX_VALUE);
    }

    @Override
    public boolean next(int most) {
        gate.enter();
        try {
            return advance(most);
        } finally {
            gate.exit();
        }
    }

    private void checkOpen() {
        if (freed) {
            throw gate.isClosed()
                    ? StorageException.closed()
                    : new InvalidStateException("the cursor is closed; begin a new scan");
        }
    }

    private synchronized boolean advance(int most) {
        checkOpen();
        if (!started) {
            started = true;
            seek();
        } else if (present != null) {
            step();
        }
        cut = false;
        present = iterator.isValid() ? within(key(), most) : null;
        if (present == null) {
            store.check(iterator);
        }
        return present != null;
    }

    private Bytes key() {
        int length = iterator.key(scratch, 0, SCRATCH);
        return Bytes.own(length > SCRATCH ? iterator.key() : Arrays.copyOf(scratch, length));
    }

    private @Nullable Entry within(Bytes key, int most) {
        return range.contains(key) ? new Entry(key, value(most)) : null;
    }

    private long revision() {
        return ByteBuffer.wrap(scratch).getLong();
    }

    private Stored value(int most) {
        int room = Math.min(most, SCRATCH - Long.BYTES) + Long.BYTES;
        int length = iterator.value(scratch, 0, room);
        if (length > room && room < SCRATCH) {
            cut = true;
        } else if (length > room) {
            return stored(iterator.value());
        }
        int end = Math.min(length, room);
        return end == 0
                ? new Stored(Bytes.empty(), 0)
                : new Stored(Bytes.own(Arrays.copyOfRange(scratch, Long.BYTES, end)), revision());
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

    /** Without the monitor: only the one thread that walks sets what is read here to more than nothing. */
    @Override
    public Entry begin() {
        Entry entry = present;
        if (entry == null) {
            throw gate.isClosed()
                    ? StorageException.closed()
                    : new InvalidStateException("the cursor stands on no entry; call next() until it gives false");
        }
        return entry;
    }

    @Override
    public Entry entry() {
        Entry begin = begin();
        if (!cut) {
            return begin;
        }
        gate.enter();
        try {
            return whole(begin);
        } finally {
            gate.exit();
        }
    }

    private synchronized Entry whole(Entry begin) {
        checkOpen();
        Entry whole = new Entry(begin.key(), stored(iterator.value()));
        present = whole;
        cut = false;
        return whole;
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
