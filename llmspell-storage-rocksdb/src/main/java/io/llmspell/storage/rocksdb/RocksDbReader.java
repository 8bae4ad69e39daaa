package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.time.TimeSource;
import io.llmspell.storage.spi.BatchRules;
import io.llmspell.storage.spi.HandleGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A store on RocksDB that another process may be writing: it follows the writer and changes nothing.
 *
 * <pre>
 * gate           every native call holds a lease; close() shuts the gate, waits for the leases, then frees.
 * lock           reads follow the writer under it, so that a view changes between reads only; taken after a lease.
 * view           catches up while the writer only appends to its log and no snapshot holds it; otherwise a new one is
 *                opened, because RocksDB knows no snapshots here and shows spaces of different commits after a change of
 *                files. Under the lock.
 * past           views that snapshots and cursors still use. Under the lock.
 * </pre>
 */
final class RocksDbReader implements StorageBackend {
    private static final Logger LOG = LoggerFactory.getLogger(RocksDbReader.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(30);
    private static final Set<Capability> CAPABILITIES =
            Set.copyOf(EnumSet.of(Capability.SNAPSHOT, Capability.ORDER, Capability.PERSISTENCE));

    private final ReaderOpener opener;
    private final TimeSource time;
    private final HandleGate gate = new HandleGate();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<ReaderView> past = new ArrayList<>();
    private ReaderView view;

    private RocksDbReader(ReaderOpener opener, TimeSource time) {
        this.opener = opener;
        this.time = time;
        this.view = opener.open();
    }

    static StorageBackend open(RocksDbStorage settings, Set<Space> spaces, TimeSource time) {
        return Uninterrupted.call(() -> new RocksDbReader(new ReaderOpener(settings, spaces), time));
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Commit commit(Batch batch) {
        BatchRules.check(batch, opener.spaces());
        return leased(() -> {
            throw Errors.opened(opener.folder());
        });
    }

    @Override
    public Mono<Commit> commitAsync(Batch batch) {
        return Mono.fromCallable(() -> commit(batch));
    }

    private <T> T leased(Supplier<T> work) {
        gate.enter();
        try {
            return work.get();
        } finally {
            gate.exit();
        }
    }

    /** Runs a read on the newest view. */
    private <T> T fresh(Function<ReaderView, T> read) {
        return locked(() -> {
            follow();
            return read.apply(view);
        });
    }

    /** Runs a read while no view goes. */
    <T> T locked(Supplier<T> read) {
        return leased(() -> Uninterrupted.call(() -> {
            lock.lock();
            try {
                return read.get();
            } finally {
                lock.unlock();
            }
        }));
    }

    private void follow() {
        if (!view.isHeld() && view.files.equals(opener.files())) {
            view.store.catchUp();
            if (view.files.equals(opener.files())) {
                return;
            }
        }
        ReaderView newer = opener.open();
        past.add(view);
        view = newer;
        forget();
    }

    /** Frees the views that nobody uses any more. */
    private void forget() {
        past.removeIf(old -> {
            if (old.isUsed()) {
                return false;
            }
            old.close();
            return true;
        });
    }

    @Override
    public Optional<Stored> get(Space space, Bytes key) {
        BatchRules.checkSpace(space, opener.spaces());
        return fresh(newest -> read(newest, space, key));
    }

    /** A read on a view; the caller holds the lock. */
    static Optional<Stored> read(ReaderView view, Space space, Bytes key) {
        NativeStore store = view.store;
        byte[] raw = store.has(space) ? store.get(store.family(space, false), store.plain(), key) : null;
        return Optional.ofNullable(raw).map(RocksDbCursor::stored);
    }

    @Override
    public List<Optional<Stored>> getAll(Space space, List<Bytes> keys) {
        BatchRules.checkSpace(space, opener.spaces());
        return fresh(
                newest -> keys.stream().map(key -> read(newest, space, key)).toList());
    }

    @Override
    public Cursor scan(Space space, Range range) {
        BatchRules.checkSpace(space, opener.spaces());
        return fresh(newest -> cursor(newest, space, false, range));
    }

    /** A cursor on a view, which keeps the view; the caller holds the lock. */
    Cursor cursor(ReaderView of, Space space, boolean index, Range range) {
        NativeStore store = of.store;
        return store.has(space)
                ? new RocksDbCursor(
                        store, gate, of.children, store.iterator(store.family(space, index), store.plain()), range)
                : new EmptyCursor();
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        BatchRules.checkLog(log, opener.spaces());
        return hold().index(log, prefix, reverse, true);
    }

    @Override
    public Snapshot snapshot() {
        return hold();
    }

    private ReaderSnapshot hold() {
        return fresh(newest -> {
            newest.hold();
            return new ReaderSnapshot(this, newest, opener.spaces());
        });
    }

    /** Lets the view of a snapshot go; the snapshot makes sure that it does so once. */
    void release(ReaderView of) {
        if (gate.tryEnter()) {
            try {
                lock.lock();
                try {
                    of.release();
                    forget();
                } finally {
                    lock.unlock();
                }
            } finally {
                gate.exit();
            }
        }
    }

    @Override
    public Flux<Entry> watch(Space space, Bytes prefix, long fromRevision) {
        return Flux.error(() -> Errors.unwatched(opener.folder()));
    }

    /** The newest commit, and how many views of earlier ones are still in use. */
    @Override
    public Map<String, Long> statistics() {
        return fresh(newest ->
                Map.of("commits", newest.store.lastCommit(newest.store.plain()), "views", (long) past.size() + 1));
    }

    /** Does nothing: nothing is buffered. */
    @Override
    public void flush() {
        leased(() -> true);
    }

    @Override
    public void close() {
        if (gate.shut()) {
            Uninterrupted.call(this::finish);
        }
    }

    private boolean finish() {
        if (!gate.awaitEmpty(time, CLOSE_WAIT)) {
            // A freed handle under a running call would end the JVM: a leak is the smaller harm.
            LOG.error(
                    "{} calls on the store {} did not end; its native memory stays held",
                    gate.leases(),
                    opener.folder());
            return false;
        }
        past.forEach(ReaderView::close);
        view.close();
        return true;
    }
}
