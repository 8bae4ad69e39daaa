package io.llmspell.testing.storage;

import static io.llmspell.testing.storage.Stores.delete;
import static io.llmspell.testing.storage.Stores.key;
import static io.llmspell.testing.storage.Stores.put;
import static io.llmspell.testing.storage.Stores.raw;
import static io.llmspell.testing.storage.Stores.refused;
import static io.llmspell.testing.storage.Stores.revision;
import static io.llmspell.testing.storage.Stores.text;
import static io.llmspell.testing.storage.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Single reads and writes. */
interface ReadWriteContract extends StorageFixture {
    /** An absent key reads as empty. */
    @Test
    default void get_absentKey_isEmpty() {
        try (StorageBackend store = open()) {
            assertThat(store.get(Space.STATE, key("a"))).isEmpty();
        }
    }

    /** A key reads as its value and the number of the commit that wrote it. */
    @Test
    default void get_storedKey_givesValueAndRevision() {
        try (StorageBackend store = open()) {
            write(store, put("other", "0"));
            long number = write(store, put("a", "1")).number();
            assertThat(store.get(Space.STATE, key("a"))).contains(new Stored(key("1"), number));
        }
    }

    /** A second put replaces the value and raises the revision. */
    @Test
    default void put_existingKey_replacesValueAndRaisesRevision() {
        try (StorageBackend store = open()) {
            long first = write(store, put("a", "1")).number();
            long second = write(store, put("a", "2")).number();
            assertThat(text(store, "a")).isEqualTo("2");
            assertThat(revision(store, "a")).isEqualTo(second).isEqualTo(first + 1);
        }
    }

    /** An empty value is a value. */
    @Test
    default void put_emptyValue_isNotAbsent() {
        try (StorageBackend store = open()) {
            write(store, put("a", ""));
            assertThat(store.get(Space.STATE, key("a")).map(Stored::value)).contains(Bytes.empty());
        }
    }

    /** A value of 1 MiB comes back exactly. */
    @Test
    default void put_bigValue_comesBackExactly() {
        byte[] big = new byte[1 << 20];
        new Random(7).nextBytes(big);
        try (StorageBackend store = open()) {
            write(store, new Write.Put(Space.STATE, key("big"), Bytes.copyOf(big)));
            assertThat(store.get(Space.STATE, key("big")).map(Stored::value)).contains(Bytes.own(big));
        }
    }

    /** Any bytes can be a key. */
    @Test
    default void put_keyOfAnyBytes_comesBackExactly() {
        List<Bytes> keys =
                List.of(raw(0), raw(0, 0), raw(255), raw(255, 255), raw(127, 128), raw(47, 0, 47), raw(10, 13));
        try (StorageBackend store = open()) {
            for (Bytes each : keys) {
                write(store, new Write.Put(Space.STATE, each, each));
            }
            for (Bytes each : keys) {
                assertThat(store.get(Space.STATE, each).map(Stored::value)).contains(each);
            }
        }
    }

    /** Spaces are apart from each other. */
    @Test
    default void put_sameKeyInTwoSpaces_areTwoEntries() {
        try (StorageBackend store = open()) {
            write(store, put("a", "state"));
            write(store, new Write.Put(Space.META, key("a"), key("meta")));
            assertThat(text(store, "a")).isEqualTo("state");
            assertThat(store.get(Space.META, key("a")).map(Stored::value)).contains(key("meta"));
        }
    }

    /** A removed key is absent, and no other one is. */
    @Test
    default void delete_presentKey_isAbsentAfter() {
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            write(store, put("ab", "2"));
            write(store, delete("a"));
            assertThat(text(store, "a")).isEqualTo("absent");
            assertThat(text(store, "ab")).isEqualTo("2");
        }
    }

    /** Removing an absent key is no error. */
    @Test
    default void delete_absentKey_isACommitLikeAnyOther() {
        try (StorageBackend store = open()) {
            long before = write(store, put("a", "1")).number();
            assertThat(write(store, delete("b")).number()).isEqualTo(before + 1);
        }
    }

    /** A key that comes back has a new revision. */
    @Test
    default void put_afterDelete_hasANewRevision() {
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            write(store, delete("a"));
            long number = write(store, put("a", "1")).number();
            assertThat(revision(store, "a")).isEqualTo(number);
        }
    }

    /** Reading several keys gives one element for each, in order. */
    @Test
    default void getAll_someAbsent_givesOneElementForEachKeyInOrder() {
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            write(store, put("b", "2"));
            List<Optional<Stored>> found = store.getAll(Space.STATE, List.of(key("b"), key("x"), key("a"), key("b")));
            assertThat(found.stream().map(each -> each.map(Stored::value).orElse(key("absent"))))
                    .containsExactly(key("2"), key("absent"), key("1"), key("2"));
        }
    }

    /** Removing a range takes its first key and leaves its end. */
    @Test
    default void deleteRange_middle_leavesTheEndsAndTheExcludedKey() {
        try (StorageBackend store = open()) {
            for (String each : List.of("a", "b", "c", "d")) {
                write(store, put(each, each));
            }
            write(store, new Write.DeleteRange(Space.STATE, new Range(key("b"), key("d"), false)));
            assertThat(List.of(text(store, "a"), text(store, "b"), text(store, "c"), text(store, "d")))
                    .containsExactly("a", "absent", "absent", "d");
        }
    }

    /** Removing everything from a space leaves the other spaces alone. */
    @Test
    default void deleteRange_all_leavesOtherSpacesAlone() {
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            write(store, new Write.Put(Space.STATE, raw(255, 255, 255), key("high")));
            write(store, new Write.Put(Space.META, key("a"), key("meta")));
            write(store, new Write.DeleteRange(Space.STATE, Range.all()));
            assertThat(text(store, "a")).isEqualTo("absent");
            assertThat(store.get(Space.STATE, raw(255, 255, 255))).isEmpty();
            assertThat(store.get(Space.META, key("a"))).isPresent();
            long number = write(store, put("a", "2")).number();
            assertThat(revision(store, "a")).isEqualTo(number);
        }
    }

    /** Removing an empty range removes nothing. */
    @Test
    default void deleteRange_emptyRange_removesNothing() {
        try (StorageBackend store = open()) {
            write(store, put("a", "1"));
            write(store, new Write.DeleteRange(Space.STATE, new Range(key("b"), key("a"), false)));
            write(store, new Write.DeleteRange(Space.STATE, new Range(key("a"), key("a"), false)));
            assertThat(text(store, "a")).isEqualTo("1");
        }
    }

    /** A space that the store was not opened with is refused. */
    @Test
    default void unknownSpace_anyUse_isRefused() {
        Space unknown = new Space("unknown", false);
        try (StorageBackend store = open()) {
            refused(ErrorCode.INVALID_ARGUMENT, () -> store.get(unknown, key("a")));
            refused(ErrorCode.INVALID_ARGUMENT, () -> store.scan(unknown, Range.all()));
            refused(ErrorCode.INVALID_ARGUMENT, () -> write(store, new Write.Put(unknown, key("a"), key("1"))));
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> store.watch(unknown, key("a"), 0).blockFirst());
        }
    }
}
