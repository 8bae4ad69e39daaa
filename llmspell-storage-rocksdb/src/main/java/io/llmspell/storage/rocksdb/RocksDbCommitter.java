package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.storage.spi.Committer;
import io.llmspell.storage.spi.WatchHub;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes groups of batches: one native batch, one write, one sync if any of them is durable.
 *
 * <pre>
 * out, logs, syncing                    touched by the leader of the commit queue alone.
 * lastCommit, groups, broken            written by the leader, read by anybody.
 * State changes only after the write succeeded. A failed write leaves it unknown whether RocksDB kept the group, so
 * after any failure but a full disk (which RocksDB refuses as a whole and recovers from by itself) writes stay refused.
 * </pre>
 */
final class RocksDbCommitter implements Committer {
    private static final Logger LOG = LoggerFactory.getLogger(RocksDbCommitter.class);

    private final Path folder;
    private final NativeStore store;
    private final WatchHub hub;
    private final BatchImage out = new BatchImage();
    private Decision.Logs logs;
    private @Nullable Syncing syncing;
    private volatile @Nullable StorageException broken;
    private volatile long lastCommit;
    private final AtomicLong groups = new AtomicLong();

    RocksDbCommitter(Path folder, NativeStore store, WatchHub hub, long lastCommit) {
        this.folder = folder;
        this.store = store;
        this.hub = hub;
        this.lastCommit = lastCommit;
        this.logs = read(store);
    }

    private static Decision.Logs read(NativeStore store) {
        Map<Space, Long> nextPositions = new HashMap<>();
        Map<Space, LogChain.Head> heads = new HashMap<>();
        for (Space space : store.spaces()) {
            if (space.log()) {
                nextPositions.put(space, store.nextPosition(space));
                LogChain.Head head = head(store, space);
                if (head != null) {
                    heads.put(space, head);
                }
            }
        }
        return new Decision.Logs(nextPositions, heads);
    }

    private static LogChain.@Nullable Head head(NativeStore store, Space log) {
        if (!store.spaces().contains(Space.META)) {
            return null;
        }
        byte[] raw = store.get(store.family(Space.META, false), store.plain(), LogChain.headKey(log));
        return raw == null
                ? null
                : LogChain.Head.decode(RocksDbCursor.stored(raw).value());
    }

    /** Gives the committer what needs the queue that needs the committer; called once, before the first commit. */
    void begin(Syncing keeper) {
        syncing = keeper;
    }

    private Syncing syncing() {
        return Objects.requireNonNull(syncing);
    }

    long lastCommit() {
        return lastCommit;
    }

    long groups() {
        return groups.get();
    }

    @Override
    public List<Commit> commit(List<Batch> group) {
        StorageException fault = broken;
        if (fault != null) {
            throw fault;
        }
        boolean sync = syncing().overdue();
        for (Batch batch : group) {
            sync |= batch.mode() == WriteMode.DURABLE;
        }
        out.clear();
        try {
            Decision decision = new Decision(store, hub, out, lastCommit, logs, group);
            List<Commit> outcomes = new ArrayList<>(group.size());
            for (Batch batch : group) {
                outcomes.add(decision.add(batch, sync ? WriteMode.DURABLE : WriteMode.BUFFERED));
            }
            if (decision.lastCommit() > lastCommit) {
                write(decision, sync);
            }
            return outcomes;
        } catch (RocksDBException e) {
            throw failed(Errors.of(e, "writing a batch", folder));
        }
    }

    private void write(Decision decision, boolean sync) throws RocksDBException {
        decision.seal();
        store.write(out, sync);
        logs = decision.logs();
        lastCommit = decision.lastCommit();
        groups.incrementAndGet();
        syncing().wrote(lastCommit, sync);
        decision.publish();
    }

    private StorageException failed(StorageException error) {
        if (!error.code().equals(ErrorCode.STORE_FULL)) {
            broken = Errors.unavailable("writing", folder, "an earlier write ended with " + error.code(), error);
        }
        return error;
    }

    /** Syncs the log and moves the mark; an action of the queue. */
    boolean flush() {
        syncing().mark();
        return true;
    }

    /**
     * Writes a copy of the database; an action of the queue, so that the copy ends with a known commit.
     *
     * @return the newest commit of the copy
     */
    long checkpoint(Path copy) {
        syncing().sync();
        store.checkpoint(copy);
        return lastCommit;
    }

    long syncedCommit() {
        return syncing().synced();
    }

    boolean refusesWrites() {
        return broken != null;
    }

    /** The last action of the queue. */
    void finish() {
        try {
            flush();
        } catch (StorageException e) {
            // Closing goes on: durable commits are safe already, and the next opening tells what is missing.
            LOG.error("the store {} could not be synced at close: {}", folder, e.text());
        }
    }
}
