package io.llmspell.testing.storage;

import static io.llmspell.testing.storage.Stores.append;
import static io.llmspell.testing.storage.Stores.commit;
import static io.llmspell.testing.storage.Stores.delete;
import static io.llmspell.testing.storage.Stores.expect;
import static io.llmspell.testing.storage.Stores.key;
import static io.llmspell.testing.storage.Stores.parallel;
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
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Batches, expectations, commit numbers, acknowledgements. */
interface CommitContract extends StorageFixture {
    /** The parts of a batch commit together, also over several spaces. */
    @Test
    default void batch_overSpaces_commitsTogether() {
        try (StorageBackend store = open()) {
            if (!can(Capability.TRANSACTIONS)) {
                refused(ErrorCode.STORE_UNSUPPORTED, () -> write(store, put("a", "1"), put("b", "2")));
                refused(ErrorCode.STORE_UNSUPPORTED, () -> write(store, expect("a", 0)));
                assertThat(text(store, "a")).isEqualTo("absent");
                return;
            }
            Commit.Done done = write(
                    store, put("a", "1"), new Write.Put(Space.META, key("b"), key("2")), append("first"), delete("x"));
            assertThat(text(store, "a")).isEqualTo("1");
            assertThat(store.get(Space.META, key("b"))).contains(new Stored(key("2"), done.number()));
            assertThat(revision(store, "a")).isEqualTo(done.number());
            assertThat(done.positions()).containsExactly(1L);
        }
    }

    /** A later part of a batch sees what the earlier ones did. */
    @Test
    default void batch_laterPart_seesTheEarlierOnes() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        try (StorageBackend store = open()) {
            write(store, put("a", "1"), put("b", "1"), put("c", "1"));
            Write range = new Write.DeleteRange(Space.STATE, new Range(key("b"), key("d"), false));
            write(store, put("bb", "2"), delete("a"), range, put("c", "2"), expect("a", 0), expect("bb", 0));
            assertThat(List.of(text(store, "a"), text(store, "b"), text(store, "bb"), text(store, "c")))
                    .containsExactly("absent", "absent", "absent", "2");
        }
    }

    /** Of several writes to one key in a batch the last one counts. */
    @Test
    default void batch_sameKeyTwice_keepsTheLast() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        try (StorageBackend store = open()) {
            write(store, put("a", "1"), delete("a"), put("a", "2"), put("b", "1"), delete("b"));
            assertThat(text(store, "a")).isEqualTo("2");
            assertThat(text(store, "b")).isEqualTo("absent");
        }
    }

    /** Readers never see half of a batch. */
    @Test
    default void batch_readersBeside_neverSeeHalf() {
        if (!can(Capability.TRANSACTIONS) || !can(Capability.SNAPSHOT)) {
            return;
        }
        try (StorageBackend store = open()) {
            write(store, put("a", "0"), put("b", "0"));
            AtomicInteger role = new AtomicInteger();
            parallel(3, () -> {
                if (role.getAndIncrement() == 0) {
                    for (int i = 1; i <= 200; i++) {
                        write(store, put("a", "" + i), put("b", "" + i));
                    }
                    return true;
                }
                for (int i = 0; i < 500; i++) {
                    try (var snapshot = store.snapshot()) {
                        assertThat(text(snapshot, "a")).isEqualTo(text(snapshot, "b"));
                    }
                }
                return true;
            });
        }
    }

    /** A batch whose expectation holds commits. */
    @Test
    default void expect_presentRevision_commits() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        try (StorageBackend store = open()) {
            assertThat(commit(store, expect("a", 0), put("a", "1"))).isInstanceOf(Commit.Done.class);
            assertThat(commit(store, expect("a", revision(store, "a")), put("a", "2")))
                    .isInstanceOf(Commit.Done.class);
            assertThat(text(store, "a")).isEqualTo("2");
        }
    }

    /** A batch whose expectation fails writes nothing and takes neither a commit number nor a position. */
    @Test
    default void expect_otherRevision_writesNothingAndTellsTheActual() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        try (StorageBackend store = open()) {
            long number = write(store, put("a", "1")).number();
            Commit refused = commit(store, put("b", "1"), append("x"), expect("a", number + 1), put("a", "2"));
            assertThat(refused).isEqualTo(new Commit.Conflict(Space.STATE, key("a"), number));
            refused(ErrorCode.STATE_CONFLICT, refused::orThrow);
            assertThat(text(store, "a")).isEqualTo("1");
            assertThat(text(store, "b")).isEqualTo("absent");
            Commit.Done next = write(store, put("b", "2"), append("y"));
            assertThat(next.number()).as("a conflict takes no number").isEqualTo(number + 1);
            assertThat(next.positions()).as("a conflict takes no position").containsExactly(1L);
        }
    }

    /** A removed key has revision 0. */
    @Test
    default void expect_deletedKey_isRevisionZero() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        try (StorageBackend store = open()) {
            long number = write(store, put("a", "1")).number();
            write(store, delete("a"));
            assertThat(commit(store, expect("a", number), put("a", "2")))
                    .isEqualTo(new Commit.Conflict(Space.STATE, key("a"), 0));
            assertThat(commit(store, expect("a", 0), put("a", "2"))).isInstanceOf(Commit.Done.class);
        }
    }

    /** Of several writers that saw the same revision exactly one commits. */
    @Test
    default void expect_racersWithTheSameRevision_exactlyOneWins() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        int threads = 4;
        int rounds = 50;
        try (StorageBackend store = open()) {
            write(store, put("n", "0"));
            CyclicBarrier barrier = new CyclicBarrier(threads);
            List<Integer> wins = parallel(threads, () -> {
                int won = 0;
                for (int i = 0; i < rounds; i++) {
                    long before = revision(store, "n");
                    String next = "" + (Integer.parseInt(text(store, "n")) + 1);
                    barrier.await(30, TimeUnit.SECONDS);
                    won += commit(store, expect("n", before), put("n", next)) instanceof Commit.Done ? 1 : 0;
                    barrier.await(30, TimeUnit.SECONDS);
                }
                return won;
            });
            assertThat(wins.stream().mapToInt(Integer::intValue).sum()).isEqualTo(rounds);
            assertThat(text(store, "n")).isEqualTo("" + rounds);
        }
    }

    /** Commit numbers count from 1 without a gap. */
    @Test
    default void commit_number_countsEveryCommitWithoutGap() {
        try (StorageBackend store = open()) {
            List<Long> numbers = new CopyOnWriteArrayList<>();
            AtomicInteger thread = new AtomicInteger();
            parallel(4, () -> {
                int mine = thread.getAndIncrement();
                for (int i = 0; i < 50; i++) {
                    numbers.add(write(store, put(mine + "." + i, "x")).number());
                }
                return true;
            });
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, 200).boxed().toList());
            assertThat(store.statistics()).containsEntry("commits", 200L);
        }
    }

    /** The acknowledgement names a mode at least as strong as the one that was asked for, or memory. */
    @Test
    default void commit_mode_isAtLeastWhatWasAsked() {
        try (StorageBackend store = open()) {
            for (WriteMode asked : WriteMode.values()) {
                WriteMode got = store.commit(Batch.of(asked, put("a", asked.id())))
                        .orThrow()
                        .mode();
                if (can(Capability.PERSISTENCE)) {
                    assertThat(got).isLessThanOrEqualTo(asked);
                } else {
                    assertThat(got).as("no promise that the store cannot keep").isEqualTo(WriteMode.MEMORY);
                }
            }
        }
    }

    /** Listeners hear of commits in commit order, before the writers do. */
    @Test
    default void listener_manyThreads_hearsInCommitOrderBeforeTheAcknowledgement() {
        try (StorageBackend store = open()) {
            List<Long> heard = new CopyOnWriteArrayList<>();
            AtomicInteger thread = new AtomicInteger();
            parallel(4, () -> {
                int mine = thread.getAndIncrement();
                for (int i = 0; i < 50; i++) {
                    Write part = put(mine + "." + i, "x");
                    Batch batch = new Batch(List.of(part), WriteMode.DURABLE, done -> heard.add(done.number()));
                    long number = store.commit(batch).orThrow().number();
                    assertThat(heard).contains(number);
                }
                return true;
            });
            assertThat(heard)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 200).boxed().toList());
        }
    }

    /** A listener that reads sees its own commit. */
    @Test
    default void listener_reading_seesItsCommit() {
        try (StorageBackend store = open()) {
            List<String> seen = new ArrayList<>();
            store.commit(new Batch(List.of(put("a", "1")), WriteMode.DURABLE, done -> seen.add(text(store, "a"))));
            assertThat(seen).containsExactly("1");
        }
    }

    /** A listener does not hear of a batch that was not written. */
    @Test
    default void listener_conflict_isNotTold() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        try (StorageBackend store = open()) {
            List<Long> heard = new ArrayList<>();
            store.commit(new Batch(List.of(expect("a", 5)), WriteMode.DURABLE, done -> heard.add(done.number())));
            assertThat(heard).isEmpty();
        }
    }

    /** A listener that throws changes neither the outcome nor later commits. */
    @Test
    default void listener_throwing_breaksNothing() {
        try (StorageBackend store = open()) {
            Commit outcome = store.commit(new Batch(List.of(put("a", "1")), WriteMode.DURABLE, done -> {
                throw StorageException.closed();
            }));
            assertThat(outcome).isInstanceOf(Commit.Done.class);
            assertThat(write(store, put("b", "2")).number()).isEqualTo(2);
        }
    }

    /** A listener that writes is refused instead of waiting for itself. */
    @Test
    default void listener_writing_isRefusedAndHangsNobody() {
        try (StorageBackend store = open()) {
            List<Object> caught = new ArrayList<>();
            store.commit(new Batch(List.of(put("a", "1")), WriteMode.DURABLE, done -> {
                try {
                    write(store, put("b", "2"));
                } catch (LlmSpellException refused) {
                    caught.add(refused.code());
                }
            }));
            assertThat(caught).containsExactly(ErrorCode.INVALID_STATE);
            assertThat(text(store, "b")).isEqualTo("absent");
        }
    }

    /** An asynchronous commit begins with its subscription. */
    @Test
    default void commitAsync_notSubscribed_writesNothing() {
        try (StorageBackend store = open()) {
            Mono<Commit> cold = store.commitAsync(Batch.of(WriteMode.DURABLE, put("a", "1")));
            write(store, put("b", "1"));
            assertThat(text(store, "a")).isEqualTo("absent");
            assertThat(cold.block(Duration.ofSeconds(30))).isInstanceOf(Commit.Done.class);
            assertThat(text(store, "a")).isEqualTo("1");
        }
    }

    /** Asynchronous commits of one thread keep their order. */
    @Test
    default void commitAsync_manyFromOneThread_keepTheOrderOfSubscription() {
        try (StorageBackend store = open()) {
            List<Commit> outcomes = Flux.range(0, 500)
                    .flatMap(i -> store.commitAsync(Batch.of(WriteMode.DURABLE, put("a", "" + i))), 500)
                    .collectList()
                    .block(Duration.ofSeconds(60));
            assertThat(outcomes).hasSize(500).allMatch(Commit.Done.class::isInstance);
            assertThat(text(store, "a")).isEqualTo("499");
        }
    }

    /** An interrupted thread can commit and stays interrupted. */
    @Test
    default void commit_byAnInterruptedThread_commitsAndKeepsTheFlag() {
        try (StorageBackend store = open()) {
            Thread.currentThread().interrupt();
            write(store, put("a", "1"));
            assertThat(Thread.interrupted()).isTrue();
            write(store, put("b", "2"));
            assertThat(text(store, "a")).isEqualTo("1");
        }
    }
}
