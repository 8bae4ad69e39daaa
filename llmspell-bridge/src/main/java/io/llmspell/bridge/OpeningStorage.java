package io.llmspell.bridge;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.LlmSpellException;
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
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.time.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A store that opens on a thread of its own while the rest of the runtime is put together; the first use waits for it.
 *
 * <p>Opening is about a third of the time that the runner needs to start. {@code opened} is written once by the opening
 * thread, before the future completes.
 */
final class OpeningStorage implements StorageBackend {
    private final CompletableFuture<StorageBackend> opening = new CompletableFuture<>();
    private final Awaiter awaiter;
    private final @Nullable Set<Capability> promised;
    private volatile @Nullable StorageBackend opened;

    private OpeningStorage(Awaiter awaiter, @Nullable Set<Capability> promised) {
        this.awaiter = awaiter;
        this.promised = promised;
    }

    /** Begins to open a store; the check runs on the opening thread, and a store that it refuses is closed again. */
    static OpeningStorage begin(
            StorageFactory factory, Set<Space> spaces, TimeSource time, Consumer<StorageBackend> check) {
        OpeningStorage storage = new OpeningStorage(
                Awaiter.blocking(time), factory.capabilities().orElse(null));
        Thread thread =
                new Thread(() -> storage.open(() -> checked(factory.open(spaces, time), check)), "llmspell-open");
        thread.setDaemon(true);
        thread.start();
        return storage;
    }

    private static StorageBackend checked(StorageBackend store, Consumer<StorageBackend> check) {
        try {
            check.accept(store);
            return store;
        } catch (RuntimeException | Error refused) {
            store.close();
            throw refused;
        }
    }

    private void open(Supplier<StorageBackend> opener) {
        try {
            StorageBackend store = opener.get();
            opened = store;
            opening.complete(store);
        } catch (RuntimeException | Error failed) {
            opening.completeExceptionally(failed);
        }
    }

    /** Whether the first use would not wait. */
    boolean isOpen() {
        return opening.isDone();
    }

    /**
     * The open store.
     *
     * @return the store
     * @throws io.llmspell.core.storage.StorageException if it could not be opened
     */
    StorageBackend store() {
        StorageBackend present = opened;
        return present != null ? present : awaiter.await(opening, Awaiter.NO_DEADLINE, Cancellation.none());
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> known = promised;
        return known != null ? known : store().capabilities();
    }

    @Override
    public Commit commit(Batch batch) {
        return store().commit(batch);
    }

    @Override
    public Mono<Commit> commitAsync(Batch batch) {
        return store().commitAsync(batch);
    }

    @Override
    public Snapshot snapshot() {
        return store().snapshot();
    }

    @Override
    public Flux<Entry> watch(Space space, Bytes prefix, long fromRevision) {
        return store().watch(space, prefix, fromRevision);
    }

    @Override
    public Map<String, Long> statistics() {
        return store().statistics();
    }

    @Override
    public Optional<Stored> get(Space space, Bytes key) {
        return store().get(space, key);
    }

    @Override
    public List<Optional<Stored>> getAll(Space space, List<Bytes> keys) {
        return store().getAll(space, keys);
    }

    @Override
    public Cursor scan(Space space, Range range) {
        return store().scan(space, range);
    }

    @Override
    public Cursor index(Space log, Bytes prefix, boolean reverse) {
        return store().index(log, prefix, reverse);
    }

    @Override
    public void flush() {
        store().flush();
    }

    /** Waits for the store to open and closes it; one that could not be opened is closed already. */
    @Override
    public void close() {
        StorageBackend store;
        try {
            store = store();
        } catch (LlmSpellException neverOpened) {
            return; // whoever began the start was told
        }
        store.close();
    }
}
