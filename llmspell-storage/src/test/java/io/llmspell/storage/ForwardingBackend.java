package io.llmspell.storage;

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
import io.llmspell.testing.storage.StorageBackendContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A right store that a test spoils in one place. */
class ForwardingBackend implements StorageBackend {
    final StorageBackend real = MemoryStorage.create(StorageBackendContract.SPACES);

    @Override
    public Set<Capability> capabilities() {
        return real.capabilities();
    }

    @Override
    public Commit commit(Batch batch) {
        return real.commit(batch);
    }

    @Override
    public Mono<Commit> commitAsync(Batch batch) {
        return real.commitAsync(batch);
    }

    @Override
    public Snapshot snapshot() {
        return real.snapshot();
    }

    @Override
    public Flux<Entry> watch(Space space, Bytes prefix, long fromRevision) {
        return real.watch(space, prefix, fromRevision);
    }

    @Override
    public Map<String, Long> statistics() {
        return real.statistics();
    }

    @Override
    public void flush() {
        real.flush();
    }

    @Override
    public void close() {
        real.close();
    }

    @Override
    public Optional<Stored> get(Space space, Bytes key) {
        return real.get(space, key);
    }

    @Override
    public List<Optional<Stored>> getAll(Space space, List<Bytes> keys) {
        return real.getAll(space, keys);
    }

    @Override
    public Cursor scan(Space space, Range range) {
        return real.scan(space, range);
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        return real.index(log, prefix, reverse);
    }
}
