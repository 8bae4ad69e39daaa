package io.llmspell.testing.storage;

import static io.llmspell.testing.storage.Stores.append;
import static io.llmspell.testing.storage.Stores.delete;
import static io.llmspell.testing.storage.Stores.key;
import static io.llmspell.testing.storage.Stores.keys;
import static io.llmspell.testing.storage.Stores.positions;
import static io.llmspell.testing.storage.Stores.put;
import static io.llmspell.testing.storage.Stores.refused;
import static io.llmspell.testing.storage.Stores.text;
import static io.llmspell.testing.storage.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import org.junit.jupiter.api.Test;

/** Snapshots. */
interface SnapshotContract extends StorageFixture {
    /** A snapshot does not show later writes. */
    @Test
    default void snapshot_laterWrites_doNotShow() {
        try (StorageBackend store = open()) {
            if (!can(Capability.SNAPSHOT)) {
                refused(ErrorCode.STORE_UNSUPPORTED, store::snapshot);
                return;
            }
            write(store, put("a", "old"));
            write(store, put("gone", "old"));
            write(store, append("1", "x"));
            try (Snapshot snapshot = store.snapshot()) {
                write(store, put("a", "new"));
                write(store, put("b", "new"));
                write(store, delete("gone"));
                write(store, append("2", "x"));
                assertThat(text(snapshot, "a")).isEqualTo("old");
                assertThat(keys(snapshot.scan(Space.STATE, Range.all()))).containsExactlyInAnyOrder("a", "gone");
                assertThat(positions(snapshot.index(Space.EVENTS, key("x"), false)))
                        .containsExactly(1L);
                assertThat(text(store, "a")).isEqualTo("new");
            }
        }
    }

    /** A snapshot names the newest commit that it shows. */
    @Test
    default void snapshot_commit_isTheNewestThatShows() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        try (StorageBackend store = open()) {
            try (Snapshot snapshot = store.snapshot()) {
                assertThat(snapshot.commit()).isZero();
            }
            long number = write(store, put("a", "1")).number();
            try (Snapshot snapshot = store.snapshot()) {
                write(store, put("a", "2"));
                assertThat(snapshot.commit()).isEqualTo(number);
            }
        }
    }

    /** A closed snapshot is refused; closing again does nothing. */
    @Test
    default void snapshot_closed_isRefusedAndClosesTwice() {
        if (!can(Capability.SNAPSHOT)) {
            return;
        }
        try (StorageBackend store = open()) {
            Snapshot snapshot = store.snapshot();
            snapshot.close();
            snapshot.close();
            refused(ErrorCode.INVALID_STATE, () -> snapshot.get(Space.STATE, key("a")));
            refused(ErrorCode.INVALID_STATE, () -> snapshot.scan(Space.STATE, Range.all()));
        }
    }
}
