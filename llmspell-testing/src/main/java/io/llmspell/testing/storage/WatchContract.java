package io.llmspell.testing.storage;

import static io.llmspell.testing.storage.Stores.append;
import static io.llmspell.testing.storage.Stores.delete;
import static io.llmspell.testing.storage.Stores.key;
import static io.llmspell.testing.storage.Stores.put;
import static io.llmspell.testing.storage.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;

/** Watches; they rest on snapshots, so a store without {@link Capability#SNAPSHOT} has none. */
interface WatchContract extends StorageFixture {
    /** How a change is written down by these tests: key, value and revision. */
    private static String line(Entry entry) {
        return entry.key().text() + "=" + entry.stored().value().text() + "@"
                + entry.stored().revision();
    }

    private static void assertEnd(@Nullable Throwable end, ErrorCode code) {
        assertThat(end)
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    /** A watch tells puts and removals under its prefix in commit order. */
    @Test
    default void watch_liveChanges_arriveInCommitOrder() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        try (StorageBackend store = open()) {
            List<String> seen = new CopyOnWriteArrayList<>();
            Disposable watch = store.watch(Space.STATE, key("a"), 0).subscribe(entry -> seen.add(line(entry)));
            await().until(() -> store.statistics().getOrDefault("watches", 0L) == 1);
            write(store, put("a", "1"));
            write(store, put("b", "x"));
            write(store, put("ab", "2"));
            write(store, delete("a"));
            await().untilAsserted(() -> assertThat(seen).containsExactly("a=1@1", "ab=2@3", "a=@4"));
            watch.dispose();
            write(store, put("a", "3"));
            await().until(() -> store.statistics().getOrDefault("watches", 0L) == 0);
            assertThat(seen).hasSize(3);
        }
    }

    /** A watch begins with the present entries that are newer than its revision. */
    @Test
    default void watch_fromRevision_beginsWithThePresentEntriesThatAreNewer() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        try (StorageBackend store = open()) {
            write(store, put("c", "1"));
            write(store, put("b", "2"));
            write(store, put("a", "3"));
            write(store, put("b", "4"));
            List<String> seen = new CopyOnWriteArrayList<>();
            Disposable watch = store.watch(Space.STATE, Bytes.empty(), 1).subscribe(entry -> seen.add(line(entry)));
            await().untilAsserted(() -> assertThat(seen).containsExactly("a=3@3", "b=4@4"));
            write(store, put("d", "5"));
            await().untilAsserted(() -> assertThat(seen).containsExactly("a=3@3", "b=4@4", "d=5@5"));
            watch.dispose();
        }
    }

    /** A watch that begins among writes misses none of them. */
    @Test
    default void watch_whileOthersWrite_missesNoKey() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        try (StorageBackend store = open()) {
            List<Entry> seen = new CopyOnWriteArrayList<>();
            Disposable.Swap watch = Disposables.swap();
            Stores.parallel(1, () -> {
                for (int i = 0; i < 300; i++) {
                    if (i == 100) {
                        watch.update(store.watch(Space.STATE, Bytes.empty(), 0).subscribe(seen::add));
                    }
                    write(store, put("k" + i, "v"));
                }
                return true;
            });
            await().untilAsserted(() -> assertThat(seen).hasSize(300));
            assertThat(seen).extracting(entry -> entry.stored().revision()).isSorted();
            watch.dispose();
        }
    }

    /** A watch tells every key that a range removal took. */
    @Test
    default void watch_deleteRange_tellsEveryRemovedKey() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            write(store, put("b", "2"));
            List<String> seen = new CopyOnWriteArrayList<>();
            Disposable watch = store.watch(Space.STATE, Bytes.empty(), 2).subscribe(entry -> seen.add(line(entry)));
            await().until(() -> store.statistics().getOrDefault("watches", 0L) == 1);
            write(store, new Write.DeleteRange(Space.STATE, Range.all()));
            await().untilAsserted(() -> assertThat(seen).containsExactly("a=@3", "b=@3"));
            watch.dispose();
        }
    }

    /** A watch on a log tells appends under their positions. */
    @Test
    default void watch_log_tellsAppendsUnderTheirPositions() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        try (StorageBackend store = open()) {
            write(store, append("one"));
            List<Long> seen = new CopyOnWriteArrayList<>();
            Disposable watch = store.watch(Space.EVENTS, Bytes.empty(), 0)
                    .subscribe(entry -> seen.add(entry.key().longAt(0)));
            await().until(() -> store.statistics().getOrDefault("watches", 0L) == 1);
            write(store, append("two"));
            await().untilAsserted(() -> assertThat(seen).containsExactly(1L, 2L));
            watch.dispose();
        }
    }

    /** A subscriber that does not keep up is ended with {@code limit_exceeded} and slows nobody down. */
    @Test
    default void watch_subscriberThatDoesNotAsk_isEndedAndHarmsNobody() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        try (StorageBackend store = open()) {
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            List<Entry> seen = new CopyOnWriteArrayList<>();
            BaseSubscriber<Entry> lazy = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                protected void hookOnNext(Entry entry) {
                    seen.add(entry);
                }

                @Override
                protected void hookOnError(Throwable error) {
                    end.set(error);
                }
            };
            store.watch(Space.STATE, Bytes.empty(), 0).subscribe(lazy);
            await().until(() -> store.statistics().getOrDefault("watches", 0L) == 1);
            for (int i = 0; i < 3_000; i++) {
                store.commit(Batch.of(WriteMode.BUFFERED, put("k", "" + i)));
            }
            assertThat(seen).hasSizeLessThanOrEqualTo(1);
            lazy.requestUnbounded();
            await().until(() -> end.get() != null);
            assertEnd(end.get(), ErrorCode.LIMIT_EXCEEDED);
            assertThat(seen).extracting(entry -> entry.stored().revision()).isSorted();
        }
    }

    /** A watch ends with {@code store_closed} when the store closes. */
    @Test
    default void watch_storeCloses_endsWithStoreClosed() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        try (StorageBackend store = open()) {
            store.watch(Space.STATE, Bytes.empty(), 0).subscribe(entry -> {}, end::set);
            await().until(() -> store.statistics().getOrDefault("watches", 0L) == 1);
        }
        await().until(() -> end.get() != null);
        assertEnd(end.get(), ErrorCode.STORE_CLOSED);
    }
}
