package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexEntriesTest {
    private static final Bytes ONE = Bytes.utf8("one");
    private static final Bytes TWO = Bytes.utf8("two");

    @TempDir
    Path temp;

    private final Sandbox sandbox = new Sandbox();
    private StorageBackend store;

    @BeforeEach
    void open() {
        store = sandbox.create(temp.resolve("store"));
    }

    @AfterEach
    void close() {
        store.close();
        sandbox.close();
    }

    private static Write.Append append(Bytes... prefixes) {
        return new Write.Append(Space.EVENTS, Bytes.utf8("x"), List.of(prefixes));
    }

    private static Write.Unindex unindex(Bytes prefix, long position) {
        return new Write.Unindex(Space.EVENTS, prefix, position);
    }

    private List<Long> positions(Bytes prefix) {
        List<Long> found = new ArrayList<>();
        try (Cursor each = store.index(Space.EVENTS, prefix, false)) {
            while (each.next()) {
                found.add(each.entry().key().longAt(0));
            }
        }
        return found;
    }

    private Commit commit(Write... parts) {
        return store.commit(Batch.of(WriteMode.BUFFERED, parts));
    }

    @Test
    void batch_appendsUnderSeveralPrefixes_eachPrefixHasItsPositionsInOrder() {
        commit(append(ONE, TWO), append(TWO), append(ONE), append(TWO, ONE));
        assertThat(positions(ONE)).containsExactly(1L, 3L, 4L);
        assertThat(positions(TWO)).containsExactly(1L, 2L, 4L);
    }

    @Test
    void batch_entryAddedAndRemoved_isRemoved() {
        commit(append(ONE, TWO), unindex(ONE, 1), append(ONE));
        assertThat(positions(ONE)).containsExactly(2L);
        assertThat(positions(TWO)).containsExactly(1L);
    }

    @Test
    void batch_entryRemovedBeforeItIsAdded_isThere() {
        commit(unindex(ONE, 1), append(ONE));
        assertThat(positions(ONE)).containsExactly(1L);
    }

    @Test
    void batch_withConflict_leavesNoEntry() {
        Commit outcome = commit(append(ONE), new Write.Expect(Space.STATE, Bytes.utf8("absent"), 7));
        assertThat(outcome).isInstanceOf(Commit.Conflict.class);
        assertThat(positions(ONE)).isEmpty();
        commit(append(ONE));
        assertThat(positions(ONE)).containsExactly(1L);
    }
}
