package io.llmspell.storage;

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
import io.llmspell.core.storage.Write;
import io.llmspell.testing.storage.StorageBackendContract;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The contract holds for a store that can do nothing beyond single writes, so its switches are used. */
class RestrictedBackendTest implements StorageBackendContract {
    @Override
    public StorageBackend open() {
        return new Restricted();
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    private static final class Restricted extends ForwardingBackend {
        private static StorageException unsupported(String what) {
            return new StorageException(ErrorCode.STORE_UNSUPPORTED, "this store has no " + what);
        }

        private static void check(Batch batch) {
            if (batch.writes().size() > 1 || batch.writes().get(0) instanceof Write.Expect) {
                throw unsupported("transactions");
            }
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public Commit commit(Batch batch) {
            check(batch);
            return real.commit(batch);
        }

        @Override
        public Mono<Commit> commitAsync(Batch batch) {
            return Mono.fromRunnable(() -> check(batch)).then(real.commitAsync(batch));
        }

        @Override
        public Snapshot snapshot() {
            throw unsupported("snapshots");
        }

        @Override
        public Flux<Entry> watch(Space space, Bytes prefix, long fromRevision) {
            real.watch(space, prefix, fromRevision);
            return Flux.error(unsupported("watches"));
        }

        @Override
        public Cursor scan(Space space, Range range) {
            if (range.reverse()) {
                throw unsupported("order");
            }
            return real.scan(space, range);
        }
    }
}
