package io.llmspell.testing.storage;

import static io.llmspell.testing.storage.Stores.all;
import static io.llmspell.testing.storage.Stores.delete;
import static io.llmspell.testing.storage.Stores.key;
import static io.llmspell.testing.storage.Stores.keys;
import static io.llmspell.testing.storage.Stores.put;
import static io.llmspell.testing.storage.Stores.raw;
import static io.llmspell.testing.storage.Stores.refused;
import static io.llmspell.testing.storage.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Scans: order, borders, directions, consistency. */
interface ScanContract extends StorageFixture {
    /** A scan of an empty space has no entry. */
    @Test
    default void scan_emptySpace_hasNoEntry() {
        try (StorageBackend store = open()) {
            write(store, new Write.Put(Space.META, key("a"), key("1")));
            assertThat(keys(store.scan(Space.STATE, Range.all()))).isEmpty();
        }
    }

    /** Scans go in the order of unsigned bytes. */
    @Test
    default void scan_all_isInUnsignedByteOrder() {
        List<Bytes> order =
                List.of(raw(0), raw(0, 255), raw(1), raw(127), raw(128), raw(128, 0), raw(255), raw(255, 1));
        try (StorageBackend store = open()) {
            for (int i : new int[] {5, 2, 7, 0, 4, 1, 6, 3}) {
                write(store, new Write.Put(Space.STATE, order.get(i), key("v")));
            }
            List<Bytes> found = all(store.scan(Space.STATE, Range.all())).stream()
                    .map(Entry::key)
                    .toList();
            if (can(Capability.ORDER)) {
                assertThat(found).containsExactlyElementsOf(order);
            } else {
                assertThat(found).containsExactlyInAnyOrderElementsOf(order);
            }
        }
    }

    /** A reverse scan gives the same keys in the other order. */
    @Test
    default void scan_reverse_isTheExactMirror() {
        try (StorageBackend store = open()) {
            if (!can(Capability.ORDER)) {
                Range reversed = Range.all().reversed();
                refused(ErrorCode.STORE_UNSUPPORTED, () -> store.scan(Space.STATE, reversed));
                return;
            }
            for (String each : List.of("a", "b", "ba", "c", "d")) {
                write(store, put(each, each));
            }
            assertThat(keys(store.scan(Space.STATE, Range.all().reversed()))).containsExactly("d", "c", "ba", "b", "a");
            Range middle = new Range(key("b"), key("d"), true);
            assertThat(keys(store.scan(Space.STATE, middle))).containsExactly("c", "ba", "b");
            Range between = new Range(key("aa"), key("cc"), true);
            assertThat(keys(store.scan(Space.STATE, between))).containsExactly("c", "ba", "b");
        }
    }

    /** A range has its first key and not its end. */
    @Test
    default void scan_range_includesFromAndExcludesTo() {
        try (StorageBackend store = open()) {
            for (String each : List.of("a", "b", "c", "d")) {
                write(store, put(each, each));
            }
            assertThat(keys(store.scan(Space.STATE, new Range(key("b"), key("d"), false))))
                    .containsExactlyInAnyOrder("b", "c");
            assertThat(keys(store.scan(Space.STATE, new Range(key("bb"), Bytes.empty(), false))))
                    .containsExactlyInAnyOrder("c", "d");
            assertThat(keys(store.scan(Space.STATE, new Range(key("c"), key("b"), false))))
                    .isEmpty();
        }
    }

    /** A prefix scan takes exactly the keys that begin with the prefix. */
    @Test
    default void scan_prefix_takesExactlyTheKeysThatBeginWithIt() {
        try (StorageBackend store = open()) {
            for (String each : List.of("a", "ab", "ab/1", "ab/2", "ac", "b")) {
                write(store, put(each, each));
            }
            write(store, new Write.Put(Space.STATE, raw('a', 'b', 255, 255), key("high")));
            assertThat(all(store.scan(Space.STATE, Range.prefix(key("ab"))))).hasSize(4);
            assertThat(keys(store.scan(Space.STATE, Range.prefix(key("ab/")))))
                    .containsExactlyInAnyOrder("ab/1", "ab/2");
        }
    }

    /** A prefix of bytes 255 has no upper border. */
    @Test
    default void scan_prefixOfHighestBytes_hasNoUpperBorder() {
        try (StorageBackend store = open()) {
            write(store, new Write.Put(Space.STATE, raw(255, 255, 7), key("v")));
            write(store, new Write.Put(Space.STATE, raw(255, 254), key("v")));
            assertThat(all(store.scan(Space.STATE, Range.prefix(raw(255, 255)))))
                    .extracting(Entry::key)
                    .containsExactly(raw(255, 255, 7));
        }
    }

    /** Entries of a scan carry value and revision. */
    @Test
    default void scan_entries_carryValueAndRevision() {
        try (StorageBackend store = open()) {
            write(store, put("a", "0"));
            long number = write(store, put("b", "1")).number();
            assertThat(all(store.scan(Space.STATE, Range.prefix(key("b")))))
                    .containsExactly(new Entry(key("b"), new Stored(key("1"), number)));
        }
    }

    /** A scan shows the store as it was when the scan began. */
    @Test
    default void scan_writesMeanwhile_areNotSeen() {
        try (StorageBackend store = open()) {
            for (String each : List.of("a", "b", "c")) {
                write(store, put(each, "old"));
            }
            List<String> seen = new ArrayList<>();
            try (Cursor cursor = store.scan(Space.STATE, Range.all())) {
                cursor.next();
                seen.add(cursor.entry().stored().value().text());
                write(store, put("b", "new"));
                write(store, put("bb", "new"));
                write(store, delete("c"));
                while (cursor.next()) {
                    seen.add(cursor.entry().stored().value().text());
                }
            }
            assertThat(seen).containsExactly("old", "old", "old");
        }
    }

    /** A scan that asks for the beginnings of values shows at least those, and the whole of each entry that is asked for. */
    @Test
    default void scan_beginnings_showAtLeastThoseAndTheWholeWhenAsked() {
        List<Bytes> values =
                List.of(Bytes.empty(), text(3), text(100), text(4_087), text(4_088), text(4_089), text(70_000));
        try (StorageBackend store = open()) {
            for (int i = 0; i < values.size(); i++) {
                write(store, new Write.Put(Space.STATE, raw(i), values.get(i)));
            }
            for (int most : new int[] {0, 3, 100, 4_088, 5_000, Integer.MAX_VALUE}) {
                try (Cursor cursor = store.scan(Space.STATE, Range.all())) {
                    for (int left = values.size(); left > 0; left--) {
                        boolean whole = left % 3 == 0;
                        assertThat(whole ? cursor.next() : cursor.next(most)).isTrue();
                        Bytes value = values.get(cursor.begin().key().at(0));
                        Bytes begin = cursor.begin().stored().value();
                        assertThat(value.startsWith(begin)).isTrue();
                        assertThat(begin.length())
                                .isGreaterThanOrEqualTo(whole ? value.length() : Math.min(most, value.length()));
                        assertThat(cursor.entry().stored().value()).isEqualTo(value);
                        assertThat(cursor.begin()).isEqualTo(cursor.entry());
                        assertThat(store.get(Space.STATE, cursor.entry().key()))
                                .contains(cursor.entry().stored());
                    }
                    assertThat(cursor.next(most)).isFalse();
                    refused(ErrorCode.INVALID_STATE, cursor::begin);
                }
            }
        }
    }

    private static Bytes text(int length) {
        return key("v".repeat(length - 1) + "e");
    }

    /** The whole of an entry is of the moment of the scan, and is refused once the cursor is closed. */
    @Test
    default void scan_wholeAfterABeginning_isOfTheMomentOfTheScan() {
        try (StorageBackend store = open()) {
            write(store, new Write.Put(Space.STATE, key("a"), text(10_000)));
            Cursor cursor = store.scan(Space.STATE, Range.all());
            cursor.next(1);
            write(store, delete("a"));
            assertThat(cursor.entry().stored().value()).isEqualTo(text(10_000));
            cursor.close();
            refused(ErrorCode.INVALID_STATE, cursor::entry);
        }
    }

    /** A key that is as long as keys may get comes back from a scan. */
    @Test
    default void scan_longKey_comesBack() {
        try (StorageBackend store = open()) {
            for (int length : new int[] {4_095, 4_096, 4_097, 8_000}) {
                write(store, new Write.Put(Space.STATE, text(length), key("" + length)));
            }
            for (Entry entry : all(store.scan(Space.STATE, Range.all()))) {
                assertThat(entry.key())
                        .isEqualTo(text(Integer.parseInt(entry.stored().value().text())));
            }
        }
    }

    /** A cursor has no entry before the first step and after the end. */
    @Test
    default void cursor_beforeFirstAndAfterLast_hasNoEntry() {
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            try (Cursor cursor = store.scan(Space.STATE, Range.all())) {
                refused(ErrorCode.INVALID_STATE, cursor::entry);
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.next()).isFalse();
                assertThat(cursor.next()).isFalse();
                refused(ErrorCode.INVALID_STATE, cursor::entry);
            }
        }
    }

    /** A closed cursor is refused; closing again does nothing. */
    @Test
    default void cursor_closed_isRefusedAndClosesTwice() {
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            Cursor cursor = store.scan(Space.STATE, Range.all());
            cursor.close();
            cursor.close();
            refused(ErrorCode.INVALID_STATE, cursor::next);
        }
    }

    /** Scans of random ranges over random content equal those of a sorted map. */
    @Test
    default void scan_randomContent_equalsASortedMap() {
        Random random = new Random(42);
        Map<Bytes, Bytes> model = new TreeMap<>();
        try (StorageBackend store = open()) {
            for (int i = 0; i < 400; i++) {
                Bytes key = raw(random.nextInt(4) * 85, random.nextInt(256)).slice(0, 1 + random.nextInt(2));
                if (random.nextInt(4) == 0) {
                    write(store, new Write.Delete(Space.STATE, key));
                    model.remove(key);
                } else {
                    write(store, new Write.Put(Space.STATE, key, Bytes.ofLong(i)));
                    model.put(key, Bytes.ofLong(i));
                }
            }
            for (int i = 0; i < 50; i++) {
                Bytes from = raw(random.nextInt(256));
                Bytes to = raw(random.nextInt(256), random.nextInt(256));
                Range range = new Range(from, to, can(Capability.ORDER) && random.nextBoolean());
                assertThat(all(store.scan(Space.STATE, range)).stream()
                                .map(entry -> entry.key() + "=" + entry.stored().value()))
                        .containsExactlyInAnyOrderElementsOf(expected(model, range));
            }
        }
    }

    private static List<String> expected(Map<Bytes, Bytes> model, Range range) {
        List<String> expected = new ArrayList<>();
        model.forEach((key, value) -> {
            if (range.contains(key)) {
                expected.add(key + "=" + value);
            }
        });
        return expected;
    }
}
