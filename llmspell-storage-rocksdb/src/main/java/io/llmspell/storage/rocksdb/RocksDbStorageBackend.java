package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.InvalidStateException;
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
import io.llmspell.core.storage.StorageMaintenance;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.time.TimeSource;
import io.llmspell.storage.spi.BatchRules;
import io.llmspell.storage.spi.CommitQueue;
import io.llmspell.storage.spi.HandleGate;
import io.llmspell.storage.spi.WatchHub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.rocksdb.ColumnFamilyHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A store on RocksDB.
 *
 * <pre>
 * gate       every native call holds a lease; close() shuts the gate, waits for the leases, then frees.
 * committer  state of its own, touched by the leader of the queue alone.
 * children   open cursors and snapshots, freed at close if their users did not.
 * Order of closing: gate, queue (its barrier syncs the log and moves the mark), watches, cursors and snapshots, families,
 * database, options, lock.
 * </pre>
 */
final class RocksDbStorageBackend implements StorageBackend, StorageMaintenance {
    private static final Logger LOG = LoggerFactory.getLogger(RocksDbStorageBackend.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(30);

    private final Path folder;
    private final NativeStore store;
    private final HighWater mark;
    private final FolderLock lock;
    private final TimeSource time;
    private final HandleGate gate = new HandleGate();
    private final Children children = new Children();
    private final WatchHub hub = new WatchHub();
    private final CommitQueue queue;
    private final RocksDbCommitter committer;
    private volatile long lost;

    RocksDbStorageBackend(
            RocksDbStorage settings, NativeStore store, HighWater mark, FolderLock lock, TimeSource time, long commit) {
        this.folder = settings.folder();
        this.store = store;
        this.mark = mark;
        this.lock = lock;
        this.time = time;
        committer = new RocksDbCommitter(folder, store, hub, commit);
        queue = new CommitQueue(committer, time);
        committer.begin(new Syncing(store, mark, time, this::inQueue, settings, commit));
    }

    /** Remembers what was given up when the store was opened, -1 if nobody knows how much; for the figures. */
    void lost(long commits) {
        lost = commits;
    }

    /** Puts the work of a timer into the queue; a store that closes does it itself. */
    private void inQueue(Runnable work) {
        if (gate.tryEnter()) {
            try {
                queue.later(work);
            } finally {
                gate.exit();
            }
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return RocksDbStorage.CAPABILITIES;
    }

    private <T> T leased(Supplier<T> work) {
        gate.enter();
        try {
            return work.get();
        } finally {
            gate.exit();
        }
    }

    @Override
    public Commit commit(Batch batch) {
        BatchRules.check(batch, store.spaces());
        return leased(() -> queue.enqueue(batch)).get();
    }

    @Override
    public Mono<Commit> commitAsync(Batch batch) {
        return Mono.defer(() -> {
            BatchRules.check(batch, store.spaces());
            return queue.commitAsync(gate, batch);
        });
    }

    @Override
    public Optional<Stored> get(Space space, Bytes key) {
        BatchRules.checkSpace(space, store.spaces());
        gate.enter();
        try {
            byte[] raw = store.get(store.family(space, false), store.plain(), key);
            return raw == null ? Optional.empty() : Optional.of(RocksDbCursor.stored(raw));
        } finally {
            gate.exit();
        }
    }

    @Override
    public List<Optional<Stored>> getAll(Space space, List<Bytes> keys) {
        BatchRules.checkSpace(space, store.spaces());
        List<Optional<Stored>> found = new ArrayList<>(keys.size());
        for (byte[] raw : leased(() -> store.getAll(space, keys))) {
            found.add(Optional.ofNullable(raw).map(RocksDbCursor::stored));
        }
        return found;
    }

    @Override
    public Cursor scan(Space space, Range range) {
        BatchRules.checkSpace(space, store.spaces());
        return leased(() -> new RocksDbCursor(
                store, gate, children, store.iterator(store.family(space, false), store.plain(range)), range));
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        BatchRules.checkLog(log, store.spaces());
        return leased(() -> new RocksDbSnapshot(store, gate, children)).index(log, prefix, reverse, true);
    }

    @Override
    public Snapshot snapshot() {
        return leased(() -> new RocksDbSnapshot(store, gate, children));
    }

    @Override
    public Flux<Entry> watch(Space space, Bytes prefix, long fromRevision) {
        BatchRules.checkSpace(space, store.spaces());
        return hub.watch(queue, gate, this::snapshot, space, prefix, fromRevision);
    }

    @Override
    public long checkpoint(Path copy) {
        return leased(() ->
                Uninterrupted.call(() -> StoreCopy.write(copy, db -> queue.exclusive(() -> committer.checkpoint(db)))));
    }

    @Override
    public void verify() {
        leased(() -> {
            store.verify();
            return true;
        });
    }

    @Override
    public void compact(Space space) {
        BatchRules.checkSpace(space, store.spaces());
        leased(() -> {
            store.compact(space);
            return true;
        });
    }

    @Override
    public Map<String, Long> statistics() {
        return leased(() -> {
            Map<String, Long> figures = new TreeMap<>();
            counters(figures);
            memory(figures);
            for (Space space : store.spaces()) {
                ColumnFamilyHandle family = store.family(space, false);
                figures.put("entries." + space.name(), store.figure(family, "rocksdb.estimate-num-keys"));
                figures.put("bytes." + space.name(), store.figure(family, "rocksdb.live-sst-files-size"));
            }
            return Map.copyOf(figures);
        });
    }

    private void counters(Map<String, Long> figures) {
        figures.put("commits", committer.lastCommit());
        figures.put("commits.synced", committer.syncedCommit());
        figures.put("commits.lost", lost);
        figures.put("groups", committer.groups());
        figures.put("handles", (long) children.size());
        figures.put("watches", (long) hub.size());
        figures.put("leases", gate.leases() - 1);
        figures.put("writes.refused", committer.refusesWrites() ? 1L : 0L);
        figures.put("disk.free", folder.toFile().getUsableSpace());
    }

    /** The native memory: blocks, index and filters in the cache, to which the write buffers are charged. */
    private void memory(Map<String, Long> figures) {
        figures.put("memory.bound", store.figure(null, "rocksdb.block-cache-capacity"));
        figures.put("memory.cache", store.figure(null, "rocksdb.block-cache-usage"));
        figures.put("memory.pinned", store.figure(null, "rocksdb.block-cache-pinned-usage"));
        figures.put("memory.buffers", store.total("rocksdb.cur-size-all-mem-tables"));
        figures.put("memory.tables", store.total("rocksdb.estimate-table-readers-mem"));
    }

    @Override
    public void flush() {
        leased(() -> queue.exclusive(committer::flush));
    }

    @Override
    public void close() {
        if (queue.isLeader()) {
            throw new InvalidStateException("a commit listener cannot close the store; do that on another thread");
        }
        if (gate.shut()) {
            Uninterrupted.call(this::finish);
        }
    }

    private boolean finish() {
        boolean empty = gate.awaitEmpty(time, CLOSE_WAIT);
        queue.exclusive(() -> {
            hub.close();
            committer.finish();
            return true;
        });
        queue.close();
        if (!empty) {
            // A freed handle under a running call would end the JVM: a leak is the smaller harm.
            LOG.error(
                    "{} calls on the store {} did not end; its native memory and lock stay held",
                    gate.leases(),
                    folder);
            return false;
        }
        children.close();
        store.close();
        mark.close();
        lock.close();
        return true;
    }
}
