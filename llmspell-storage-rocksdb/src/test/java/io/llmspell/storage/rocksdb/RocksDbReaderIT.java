package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageReader;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reader beside a process that writes as fast as it can and is killed. */
@Timeout(120)
class RocksDbReaderIT {
    private static final int LOOKS = 150;

    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void stopTimers() {
        sandbox.close();
    }

    @Test
    void read_besideAWriterAndAfterItsKill_isWholeAsOfACommit() throws Exception {
        Path folder = temp.resolve("store");
        try (Child writer = new Child(temp, KillWriter.class, folder.toString(), "BUFFERED", "1", "right")) {
            long acknowledged = number(writer.out.readLine());
            try (StorageBackend reader = RocksDbStorage.at(folder).readOnly().open(Sandbox.SPACES, sandbox.time)) {
                for (int i = 0; i < LOOKS; i++) {
                    for (int line = 0; line < 20; line++) {
                        acknowledged = Math.max(acknowledged, number(writer.out.readLine()));
                    }
                    assertWhole(reader, acknowledged, i % 25 == 0);
                }
                writer.kill();
                writer.exit();
                assertWhole(reader, acknowledged, true);
            }
        }
        try (StorageBackend after = RocksDbStorage.at(folder).readOnly().open(Sandbox.SPACES, sandbox.time)) {
            assertWhole(after, LOOKS, true);
        }
    }

    /** The planted fault: whoever opens for writing is kept out, or would write. */
    @Test
    void open_forWritingBesideAWriter_isLocked() throws Exception {
        Path folder = temp.resolve("store");
        try (Child writer = new Child(temp, LockHolder.class, folder.toString(), "store")) {
            assertThat(writer.out.readLine()).isEqualTo("open");
            Sandbox.refused(ErrorCode.STORE_LOCKED, () -> sandbox.open(folder));
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.split(" ", -1)[3]);
    }

    private static void assertWhole(StorageBackend reader, long atLeast, boolean withLog) {
        try (Snapshot now = reader.snapshot()) {
            assertThat(now.commit()).isGreaterThanOrEqualTo(atLeast);
            for (int thread = 0; thread < KillWriter.THREADS; thread++) {
                long first = sequence(now, Space.STATE, KillWriter.together(thread, 0));
                assertThat(sequence(now, Space.META, KillWriter.together(thread, 1)))
                        .isEqualTo(first);
                assertThat(sequence(now, Space.STATE, KillWriter.together(thread, 2)))
                        .isEqualTo(first);
            }
            if (withLog) {
                assertLogAndIndexAgree(now);
            }
        }
    }

    private static void assertLogAndIndexAgree(StorageReader now) {
        long indexed = 0;
        for (int thread = 0; thread < KillWriter.THREADS; thread++) {
            indexed += count(now.index(Space.EVENTS, Bytes.utf8("t" + thread), false));
        }
        assertThat(count(now.scan(Space.EVENTS, Range.all()))).isEqualTo(indexed);
    }

    private static long count(Cursor cursor) {
        long count = 0;
        try (cursor) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private static long sequence(StorageReader reader, Space space, Bytes key) {
        return reader.get(space, key).map(stored -> stored.value().longAt(0)).orElse(-1L);
    }
}
