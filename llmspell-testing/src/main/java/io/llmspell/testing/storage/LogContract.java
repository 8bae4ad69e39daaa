package io.llmspell.testing.storage;

import static io.llmspell.testing.storage.Stores.all;
import static io.llmspell.testing.storage.Stores.append;
import static io.llmspell.testing.storage.Stores.commit;
import static io.llmspell.testing.storage.Stores.expect;
import static io.llmspell.testing.storage.Stores.key;
import static io.llmspell.testing.storage.Stores.parallel;
import static io.llmspell.testing.storage.Stores.positions;
import static io.llmspell.testing.storage.Stores.put;
import static io.llmspell.testing.storage.Stores.refused;
import static io.llmspell.testing.storage.Stores.values;
import static io.llmspell.testing.storage.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Logs: positions and indexes. */
interface LogContract extends StorageFixture {
    /** Positions start at 1 in each log. */
    @Test
    default void append_positions_startAtOneInEachLog() {
        try (StorageBackend store = open()) {
            assertThat(write(store, append("a")).positions()).containsExactly(1L);
            assertThat(write(store, append("b")).positions()).containsExactly(2L);
            Write other = new Write.Append(Space.AUDIT, key("c"), List.of());
            assertThat(write(store, other).positions()).containsExactly(1L);
            assertThat(store.get(Space.EVENTS, Bytes.ofLong(2)).map(Stored::value))
                    .contains(key("b"));
        }
    }

    /** Appends of one batch take positions in the order of its parts. */
    @Test
    default void append_severalInOneBatch_takePositionsInTheOrderOfTheParts() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        try (StorageBackend store = open()) {
            write(store, append("a"));
            Write other = new Write.Append(Space.AUDIT, key("x"), List.of());
            assertThat(write(store, append("b"), other, put("k", "v"), append("c"))
                            .positions())
                    .containsExactly(2L, 1L, 3L);
            assertThat(values(store.scan(Space.EVENTS, Range.all()))).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    /** Positions have no gap, whoever appends. */
    @Test
    default void append_manyThreads_positionsAreDense() {
        try (StorageBackend store = open()) {
            List<List<Long>> taken = parallel(4, () -> {
                List<Long> mine = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    mine.addAll(write(store, append("x")).positions());
                }
                return mine;
            });
            assertThat(taken.stream().flatMap(List::stream))
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, 200).boxed().toList());
            assertThat(taken).allSatisfy(mine -> assertThat(mine).isSorted());
        }
    }

    /** A position is never given twice, also after the log was emptied. */
    @Test
    default void append_afterTheWholeLogWasRemoved_goesOnBehindTheLastPosition() {
        try (StorageBackend store = open()) {
            write(store, append("a", "p"));
            write(store, append("b", "p"));
            write(store, new Write.DeleteRange(Space.EVENTS, Range.all()));
            assertThat(write(store, append("c", "p")).positions()).containsExactly(3L);
            assertThat(positions(store.index(Space.EVENTS, key("p"), false))).containsExactly(3L);
        }
    }

    /** An index scan gives the entries of its prefix in both directions. */
    @Test
    default void index_prefix_givesItsPositionsInBothDirections() {
        try (StorageBackend store = open()) {
            write(store, append("1", "x", "y"));
            write(store, append("2", "y"));
            write(store, append("3", "x"));
            write(store, append("4"));
            assertThat(values(store.index(Space.EVENTS, key("x"), false))).containsExactly("1", "3");
            assertThat(values(store.index(Space.EVENTS, key("x"), true))).containsExactly("3", "1");
            assertThat(positions(store.index(Space.EVENTS, key("y"), false))).containsExactly(1L, 2L);
            assertThat(values(store.index(Space.EVENTS, key("z"), false))).isEmpty();
        }
    }

    /** An index scan gives nothing of a longer or shorter prefix. */
    @Test
    default void index_prefixOfAnotherPrefix_isNotMixedUp() {
        try (StorageBackend store = open()) {
            write(store, append("1", "ab"));
            write(store, append("2", "abcdefghij"));
            write(store, append("3", ""));
            write(store, append("4", "ab"));
            assertThat(values(store.index(Space.EVENTS, key("ab"), false))).containsExactly("1", "4");
            assertThat(values(store.index(Space.EVENTS, key("ab"), true))).containsExactly("4", "1");
            assertThat(values(store.index(Space.EVENTS, key(""), false))).containsExactly("3");
            assertThat(values(store.index(Space.EVENTS, key("a"), false))).isEmpty();
        }
    }

    /** An index scan goes by the number of the position. */
    @Test
    default void index_manyPositions_areInNumericOrder() {
        try (StorageBackend store = open()) {
            for (int i = 0; i < 300; i++) {
                write(store, append("" + i, i % 2 == 0 ? "even" : "odd"));
            }
            List<Long> even =
                    LongStream.range(0, 150).map(i -> 2 * i + 1).boxed().toList();
            assertThat(positions(store.index(Space.EVENTS, key("even"), false))).containsExactlyElementsOf(even);
        }
    }

    /** An index scan shows the log as it was when the scan began. */
    @Test
    default void index_appendsMeanwhile_areNotSeen() {
        try (StorageBackend store = open()) {
            write(store, append("1", "x"));
            write(store, append("2", "x"));
            try (Cursor cursor = store.index(Space.EVENTS, key("x"), false)) {
                assertThat(cursor.next()).isTrue();
                write(store, append("3", "x"));
                write(store, new Write.DeleteRange(Space.EVENTS, Range.all()));
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.entry().stored().value()).isEqualTo(key("2"));
                assertThat(cursor.next()).isFalse();
            }
        }
    }

    /** What is taken from the index is found by its other prefixes and its position only. */
    @Test
    default void unindex_oneEntry_isFoundNoMoreByThatPrefix() {
        try (StorageBackend store = open()) {
            write(store, append("1", "x", "y"));
            write(store, append("2", "x"));
            write(store, new Write.Unindex(Space.EVENTS, key("x"), 1));
            write(store, new Write.Unindex(Space.EVENTS, key("z"), 2));
            assertThat(positions(store.index(Space.EVENTS, key("x"), false))).containsExactly(2L);
            assertThat(positions(store.index(Space.EVENTS, key("y"), false))).containsExactly(1L);
            assertThat(store.get(Space.EVENTS, Bytes.ofLong(1))).isPresent();
            refused(ErrorCode.INVALID_ARGUMENT, () -> write(store, new Write.Unindex(Space.STATE, key("x"), 1)));
        }
    }

    /** A log cannot be written by key, and only a log has an index. */
    @Test
    default void log_writtenByKey_isRefused() {
        try (StorageBackend store = open()) {
            Write put = new Write.Put(Space.EVENTS, key("a"), key("1"));
            Write delete = new Write.Delete(Space.EVENTS, key("a"));
            Write expect = new Write.Expect(Space.EVENTS, key("a"), 0);
            for (Write each : can(Capability.TRANSACTIONS) ? List.of(put, delete, expect) : List.of(put, delete)) {
                refused(ErrorCode.INVALID_ARGUMENT, () -> write(store, each));
            }
            refused(ErrorCode.INVALID_ARGUMENT, () -> store.index(Space.STATE, key("a"), false));
        }
    }

    /** An index prefix has at most 1 KiB. */
    @Test
    default void append_indexPrefixAboveOneKibibyte_isRefused() {
        try (StorageBackend store = open()) {
            Bytes largest = Bytes.own(new byte[1_024]);
            write(store, new Write.Append(Space.EVENTS, key("a"), List.of(largest)));
            assertThat(positions(store.index(Space.EVENTS, largest, false))).containsExactly(1L);
            Write tooLarge = new Write.Append(Space.EVENTS, key("a"), List.of(Bytes.own(new byte[1_025])));
            refused(ErrorCode.INVALID_ARGUMENT, () -> write(store, tooLarge));
        }
    }

    /** A chained append stands behind the link of the one before it, within a batch and from batch to batch. */
    @Test
    default void append_chained_standsBehindTheLinkOfTheOneBefore() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        try (StorageBackend store = open()) {
            write(store, chained("a"));
            write(store, chained("b"), append("x"), chained("c"));
            write(store, chained("d"));
            LogChain.Head head = LogChain.Head.START;
            for (Entry entry : all(store.scan(Space.AUDIT, Range.all()))) {
                Bytes stored = entry.stored().value();
                assertThat(LogChain.linkOf(stored)).isEqualTo(head.link());
                head = LogChain.Head.after(entry.key().longAt(0), stored);
            }
            assertThat(head.position()).isEqualTo(4);
            assertThat(head(store)).isEqualTo(head);
            assertThat(all(store.scan(Space.AUDIT, Range.all())))
                    .extracting(
                            entry -> LogChain.valueOf(entry.stored().value()).text())
                    .containsExactly("a", "b", "c", "d");
            assertThat(values(store.scan(Space.EVENTS, Range.all()))).containsExactly("x");
        }
    }

    /** Links follow the order of the commits, whoever appends. */
    @Test
    default void append_chainedByManyThreads_isOneChain() {
        try (StorageBackend store = open()) {
            parallel(4, () -> {
                for (int i = 0; i < 50; i++) {
                    write(store, chained("" + i));
                }
                return 0;
            });
            LogChain.Head head = LogChain.Head.START;
            for (long position = 1; position <= 200; position++) {
                Bytes stored = store.get(Space.AUDIT, Bytes.ofLong(position))
                        .orElseThrow()
                        .value();
                assertThat(LogChain.linkOf(stored)).isEqualTo(head.link());
                head = LogChain.Head.after(position, stored);
            }
            assertThat(head(store)).isEqualTo(head);
        }
    }

    /** A batch that does not commit leaves the chain as it is. */
    @Test
    default void append_chainedInABatchWithAConflict_isNoPartOfTheChain() {
        if (!can(Capability.TRANSACTIONS)) {
            return;
        }
        try (StorageBackend store = open()) {
            write(store, chained("a"));
            LogChain.Head before = head(store);
            commit(store, chained("b"), expect("k", 7));
            assertThat(head(store)).isEqualTo(before);
            write(store, chained("c"));
            Bytes stored = store.get(Space.AUDIT, Bytes.ofLong(2)).orElseThrow().value();
            assertThat(stored).isEqualTo(before.linked(key("c")));
        }
    }

    /** The chain goes on after the log was emptied, and after the store was opened again. */
    @Test
    default void append_chainedAfterTheLogWasRemoved_goesOnWithTheChain() {
        LogChain.Head before;
        try (StorageBackend store = open()) {
            write(store, chained("a"));
            write(store, new Write.DeleteRange(Space.AUDIT, Range.all()));
            before = head(store);
            write(store, chained("b"));
            assertThat(store.get(Space.AUDIT, Bytes.ofLong(2)).map(Stored::value))
                    .contains(before.linked(key("b")));
            before = head(store);
        }
        if (can(Capability.PERSISTENCE)) {
            try (StorageBackend store = open()) {
                write(store, chained("c"));
                assertThat(store.get(Space.AUDIT, Bytes.ofLong(3)).map(Stored::value))
                        .contains(before.linked(key("c")));
            }
        }
    }

    /** The head of a chain is written by the store alone. */
    @Test
    default void head_writtenByKey_isRefused() {
        try (StorageBackend store = open()) {
            Bytes key = LogChain.headKey(Space.AUDIT);
            refused(ErrorCode.INVALID_ARGUMENT, () -> write(store, new Write.Put(Space.META, key, key("x"))));
            refused(ErrorCode.INVALID_ARGUMENT, () -> write(store, new Write.Delete(Space.META, key)));
        }
    }

    private static Write chained(String value) {
        return new Write.Append(Space.AUDIT, key(value), List.of(), true);
    }

    private static LogChain.Head head(StorageBackend store) {
        return store.get(Space.META, LogChain.headKey(Space.AUDIT))
                .map(stored -> LogChain.Head.decode(stored.value()))
                .orElse(LogChain.Head.START);
    }
}
