package io.llmspell.testing.event;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** As much of a store as a bus uses: puts with expectations, and one log. One lock makes the order of commits. */
final class TinyStore implements StorageBackend {
    private final Map<Bytes, Stored> values = new HashMap<>();
    private final List<Bytes> log = new ArrayList<>();
    private long commits;
    private boolean failing;

    /** Lets commits fail from now on, or succeed again. */
    synchronized void failing(boolean on) {
        failing = on;
    }

    synchronized List<Bytes> log() {
        return List.copyOf(log);
    }

    @Override
    public synchronized Commit commit(Batch batch) {
        if (failing) {
            throw new StorageException(ErrorCode.STORE_FULL, "the store has no room left");
        }
        for (Write write : batch.writes()) {
            if (write instanceof Write.Expect expect && revision(expect.key()) != expect.revision()) {
                return new Commit.Conflict(expect.space(), expect.key(), revision(expect.key()));
            }
        }
        commits++;
        List<Long> positions = new ArrayList<>();
        for (Write write : batch.writes()) {
            if (write instanceof Write.Put put) {
                values.put(put.key(), new Stored(put.value(), commits));
            } else if (write instanceof Write.Append append) {
                log.add(append.value());
                positions.add((long) log.size());
            }
        }
        Commit.Done done = new Commit.Done(commits, positions, batch.mode());
        if (batch.listener() != null) {
            batch.listener().committed(done);
        }
        return done;
    }

    private long revision(Bytes key) {
        Stored stored = values.get(key);
        return stored == null ? 0 : stored.revision();
    }

    @Override
    public Mono<Commit> commitAsync(Batch batch) {
        return Mono.fromCallable(() -> commit(batch));
    }

    @Override
    public synchronized Optional<Stored> get(Space space, Bytes key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public Cursor scan(Space space, Range range) {
        throw unsupported();
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        throw unsupported();
    }

    @Override
    public Snapshot snapshot() {
        throw unsupported();
    }

    @Override
    public Flux<Entry> watch(Space space, Bytes prefix, long fromRevision) {
        return Flux.error(TinyStore::unsupported);
    }

    private static StorageException unsupported() {
        return new StorageException(ErrorCode.STORE_UNSUPPORTED, "this store of the tests only commits and gets");
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.TRANSACTIONS);
    }

    @Override
    public Map<String, Long> statistics() {
        return Map.of();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
