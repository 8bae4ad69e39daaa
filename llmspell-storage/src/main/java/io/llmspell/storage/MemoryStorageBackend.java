package io.llmspell.storage;

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
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.storage.spi.BatchRules;
import io.llmspell.storage.spi.CommitQueue;
import io.llmspell.storage.spi.HandleGate;
import io.llmspell.storage.spi.WatchHub;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A store whose whole content is one immutable view, replaced at each commit.
 *
 * <pre>
 * view      read by anybody, one volatile read for each call, so reads are free of locks and always consistent;
 *           written by the leader of the queue alone.
 * random    touched by the leader alone.
 * gate      guards no memory here: it makes close() refuse and wait in the same way as in a native store.
 * </pre>
 */
final class MemoryStorageBackend implements StorageBackend {
    private static final Set<Capability> CAPABILITIES =
            Set.copyOf(EnumSet.of(Capability.SNAPSHOT, Capability.ORDER, Capability.TRANSACTIONS));

    private final Set<Space> spaces;
    private final HandleGate gate = new HandleGate();
    private final CommitQueue queue = new CommitQueue(this::commit);
    private final WatchHub hub = new WatchHub();
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicInteger snapshots = new AtomicInteger();
    private volatile MemoryView view;

    MemoryStorageBackend(Set<Space> spaces) {
        this.spaces = Set.copyOf(spaces);
        view = MemoryView.empty(this.spaces);
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    private List<Commit> commit(List<Batch> group) {
        List<Commit> outcomes = new ArrayList<>(group.size());
        for (Batch batch : group) {
            MemoryChange change = new MemoryChange(view, hub, random::nextInt);
            Commit outcome = change.apply(batch);
            if (outcome instanceof Commit.Done) {
                view = change.view();
                change.publish();
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    @Override
    public Commit commit(Batch batch) {
        BatchRules.check(batch, spaces);
        List<Supplier<Commit>> queued = new ArrayList<>(1);
        gate.run(() -> queued.add(queue.enqueue(batch)));
        return queued.get(0).get();
    }

    @Override
    public Mono<Commit> commitAsync(Batch batch) {
        return Mono.defer(() -> {
            BatchRules.check(batch, spaces);
            return queue.commitAsync(gate, batch);
        });
    }

    @Override
    public Optional<Stored> get(Space space, Bytes key) {
        refuseClosed();
        return MemoryReader.get(view, space, key);
    }

    @Override
    public List<Optional<Stored>> getAll(Space space, List<Bytes> keys) {
        refuseClosed();
        MemoryView now = view;
        return keys.stream().map(key -> MemoryReader.get(now, space, key)).toList();
    }

    @Override
    public Cursor scan(Space space, Range range) {
        refuseClosed();
        return MemoryReader.scan(view, space, range, this::refuseClosed);
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        refuseClosed();
        return MemoryReader.index(view, log, prefix, reverse, this::refuseClosed);
    }

    @Override
    public Snapshot snapshot() {
        refuseClosed();
        snapshots.incrementAndGet();
        return new MemorySnapshot(view, this::refuseClosed, snapshots::decrementAndGet);
    }

    @Override
    public Flux<Entry> watch(Space space, Bytes prefix, long fromRevision) {
        BatchRules.checkSpace(space, spaces);
        return hub.watch(queue, gate, this::snapshot, space, prefix, fromRevision);
    }

    @Override
    public Map<String, Long> statistics() {
        refuseClosed();
        MemoryView now = view;
        Map<String, Long> figures = new TreeMap<>();
        figures.put("commits", now.commit());
        figures.put("snapshots", (long) snapshots.get());
        figures.put("watches", (long) hub.size());
        for (Space space : spaces) {
            figures.put("entries." + space.name(), (long)
                    Treap.count(now.part(space).entries()));
        }
        return Map.copyOf(figures);
    }

    @Override
    public void flush() {
        refuseClosed();
    }

    private void refuseClosed() {
        if (gate.isClosed()) {
            throw StorageException.closed();
        }
    }

    @Override
    public void close() {
        if (queue.isLeader()) {
            throw new InvalidStateException("a commit listener cannot close the store; do that on another thread");
        }
        if (gate.shut()) {
            // What was queued before the gate shut is still written; the barrier runs behind it.
            queue.exclusive(() -> {
                hub.close();
                return true;
            });
            queue.close();
        }
    }
}
