package io.llmspell.events.journal;

import io.llmspell.core.error.ErrorCode;
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
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A store that can be made to stand still or to refuse whoever appends events. */
final class HeldStore implements StorageBackend {
    private final StorageBackend store;
    private final List<WriteMode> modes = new CopyOnWriteArrayList<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean failing;

    HeldStore(StorageBackend store) {
        this.store = store;
    }

    /** The modes of the batches that appended events. */
    List<WriteMode> modes() {
        return List.copyOf(modes);
    }

    void hold() {
        gate = new CountDownLatch(1);
    }

    void awaitHeld() {
        await(reached);
    }

    void release() {
        gate.countDown();
    }

    void failing(boolean now) {
        failing = now;
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("a latch did not open in time");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public Commit commit(Batch batch) {
        if (batch.writes().stream().anyMatch(Write.Append.class::isInstance)) {
            if (gate.getCount() > 0) {
                reached.countDown();
                await(gate);
            }
            if (failing) {
                throw new StorageException(ErrorCode.STORE_FULL, "the store has no room left");
            }
            modes.add(batch.mode());
        }
        return store.commit(batch);
    }

    @Override
    public Mono<Commit> commitAsync(Batch batch) {
        return store.commitAsync(batch);
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public Snapshot snapshot() {
        return store.snapshot();
    }

    @Override
    public Flux<Entry> watch(Space space, Bytes prefix, long fromRevision) {
        return store.watch(space, prefix, fromRevision);
    }

    @Override
    public Map<String, Long> statistics() {
        return store.statistics();
    }

    @Override
    public Optional<Stored> get(Space space, Bytes key) {
        return store.get(space, key);
    }

    @Override
    public Cursor scan(Space space, Range range) {
        return store.scan(space, range);
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        return store.index(log, prefix, reverse);
    }

    @Override
    public void flush() {
        store.flush();
    }

    @Override
    public void close() {
        store.close();
    }
}
