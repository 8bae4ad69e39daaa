package io.llmspell.testing.storage;

import static io.llmspell.testing.storage.Stores.append;
import static io.llmspell.testing.storage.Stores.key;
import static io.llmspell.testing.storage.Stores.parallel;
import static io.llmspell.testing.storage.Stores.positions;
import static io.llmspell.testing.storage.Stores.put;
import static io.llmspell.testing.storage.Stores.refused;
import static io.llmspell.testing.storage.Stores.revision;
import static io.llmspell.testing.storage.Stores.text;
import static io.llmspell.testing.storage.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Capabilities, figures, flushing, closing, opening again. */
interface LifecycleContract extends StorageFixture {
    /** The store declares what the test class says it can do. */
    @Test
    default void capabilities_ofTheStore_areTheDeclaredOnes() {
        try (StorageBackend store = open()) {
            assertThat(store.capabilities()).isEqualTo(capabilities());
        }
    }

    /** The figure {@code commits} counts the commits. */
    @Test
    default void statistics_commits_countTheCommits() {
        try (StorageBackend store = open()) {
            assertThat(store.statistics()).containsEntry("commits", 0L);
            write(store, put("a", "1"));
            assertThat(store.statistics()).containsEntry("commits", 1L);
        }
    }

    /** Flushing changes nothing that can be read. */
    @Test
    default void flush_afterWrites_keepsThem() {
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            store.flush();
            assertThat(text(store, "a")).isEqualTo("1");
            assertThat(write(store, put("b", "2")).number()).isEqualTo(2);
        }
    }

    /** Every call on a closed store is refused; closing again does nothing. */
    @Test
    default void close_everyLaterCall_isRefused() {
        StorageBackend store = open();
        write(store, put("a", "1"));
        Cursor cursor = store.scan(Space.STATE, Range.all());
        Cursor unused = store.scan(Space.STATE, Range.all());
        assertThat(cursor.next()).isTrue();
        store.close();
        store.close();
        Batch batch = Batch.of(WriteMode.DURABLE, put("a", "2"));
        refused(ErrorCode.STORE_CLOSED, () -> store.get(Space.STATE, key("a")));
        refused(ErrorCode.STORE_CLOSED, () -> store.getAll(Space.STATE, List.of(key("a"))));
        refused(ErrorCode.STORE_CLOSED, () -> store.scan(Space.STATE, Range.all()));
        refused(ErrorCode.STORE_CLOSED, () -> store.index(Space.EVENTS, key("a"), false));
        refused(ErrorCode.STORE_CLOSED, () -> store.commit(batch));
        refused(ErrorCode.STORE_CLOSED, () -> store.commitAsync(batch).block());
        refused(ErrorCode.STORE_CLOSED, store::flush);
        refused(ErrorCode.STORE_CLOSED, store::statistics);
        refused(ErrorCode.STORE_CLOSED, cursor::next);
        cursor.close();
        unused.close();
    }

    /** Snapshots, their cursors and watches of a closed store are refused. */
    @Test
    default void close_snapshotAndWatch_areRefusedAfter() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        StorageBackend store = open();
        Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(Space.STATE, Range.all());
        store.close();
        refused(ErrorCode.STORE_CLOSED, store::snapshot);
        refused(ErrorCode.STORE_CLOSED, () -> snapshot.get(Space.STATE, key("a")));
        refused(ErrorCode.STORE_CLOSED, () -> snapshot.scan(Space.STATE, Range.all()));
        refused(ErrorCode.STORE_CLOSED, cursor::next);
        refused(
                ErrorCode.STORE_CLOSED,
                () -> store.watch(Space.STATE, key("a"), 0).blockFirst());
        cursor.close();
        snapshot.close();
    }

    /** Threads that use a store while it closes are refused with {@code store_closed}. */
    @Test
    default void close_whileOthersWorkOnIt_refusesThemCleanly() {
        StorageBackend store = open();
        for (int i = 0; i < 100; i++) {
            write(store, put("k" + i, "v"));
        }
        AtomicInteger role = new AtomicInteger();
        AtomicInteger acknowledged = new AtomicInteger();
        List<ErrorCode> ends = parallel(6, () -> {
            int mine = role.getAndIncrement();
            try {
                while (true) {
                    if (mine == 0 && acknowledged.get() > 20) {
                        store.close();
                        return ErrorCode.STORE_CLOSED;
                    }
                    work(store, mine);
                    acknowledged.incrementAndGet();
                }
            } catch (LlmSpellException refused) {
                return refused.code();
            }
        });
        assertThat(ends).containsOnly(ErrorCode.STORE_CLOSED);
    }

    private static void work(StorageBackend store, int role) {
        switch (role % 3) {
            case 0 -> write(store, put("w" + role, "v"));
            case 1 -> Stores.all(store.scan(Space.STATE, Range.all()));
            default -> store.get(Space.STATE, key("k7"));
        }
    }

    /** A persistent store has its data again after it was closed; another one is empty. */
    @Test
    default void open_again_hasEverythingIfPersistentAndNothingIfNot() {
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            write(store, append("x", "p"));
            write(store, put("a", "2"));
        }
        try (StorageBackend store = open()) {
            boolean kept = can(Capability.PERSISTENCE);
            assertThat(text(store, "a")).isEqualTo(kept ? "2" : "absent");
            assertThat(revision(store, "a")).isEqualTo(kept ? 3 : 0);
            assertThat(positions(store.index(Space.EVENTS, key("p"), false))).isEqualTo(kept ? List.of(1L) : List.of());
            assertThat(store.statistics()).containsEntry("commits", kept ? 3L : 0L);
            assertThat(write(store, append("y")).positions()).containsExactly(kept ? 2L : 1L);
            assertThat(write(store, put("b", "1")).number()).isEqualTo(kept ? 5 : 2);
        }
    }
}
