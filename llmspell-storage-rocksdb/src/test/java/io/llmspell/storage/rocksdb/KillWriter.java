package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.testing.time.ManualTime;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Writes until it is killed and tells each acknowledged write on its standard output, after the acknowledgement: thread,
 * kind, sequence, commit number, log position.
 */
final class KillWriter {
    static final int THREADS = 4;
    static final int KEYS = 8;

    private final Function<Batch, Commit> committer;
    private final WriteMode mode;
    private final PrintStream acknowledged =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private KillWriter(Function<Batch, Commit> committer, WriteMode mode) {
        this.committer = committer;
        this.mode = mode;
    }

    /**
     * Arguments: folder, write mode, first sequence, and {@code right} or a planted fault: {@code early} acknowledges what
     * has only begun, {@code unsynced} before the sync, {@code lazy} syncs never; or a {@link MistunedStore}.
     */
    public static void main(String[] arguments) throws IOException {
        StorageBackend store = open(Path.of(arguments[0]), arguments[3]);
        Function<Batch, Commit> committer = switch (arguments[3]) {
            case "early" -> new AcknowledgesEarly(store);
            case "unsynced" -> batch -> store.commit(new Batch(batch.writes(), WriteMode.BUFFERED, null));
            case "lazy" ->
                batch -> {
                    LockSupport.parkNanos(2_000_000); // else buffers fill up and are synced as tables
                    return store.commit(batch);
                };
            default -> store::commit;
        };
        KillWriter writer = new KillWriter(committer, WriteMode.valueOf(arguments[1]));
        long first = Long.parseLong(arguments[2]);
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            new Thread(() -> writer.run(thread, first)).start();
        }
    }

    private static StorageBackend open(Path folder, String variant) throws IOException {
        for (MistunedStore fault : MistunedStore.values()) {
            if (fault.name().equals(variant)) {
                return fault.open(folder, new SystemTimeSource());
            }
        }
        boolean lazy = variant.equals("lazy");
        return RocksDbStorage.at(folder)
                .createIfMissing()
                .writeBufferBytes(lazy ? 64 << 20 : 1 << 20)
                .open(Sandbox.SPACES, lazy ? new ManualTime() : new SystemTimeSource());
    }

    private void run(int thread, long first) {
        Random random = new Random(first * THREADS + thread);
        for (long sequence = first; ; sequence++) {
            int kind = random.nextInt(3);
            Commit.Done done =
                    committer.apply(batch(thread, kind, sequence, random)).orThrow();
            long position = done.positions().isEmpty() ? 0 : done.positions().get(0);
            synchronized (acknowledged) {
                acknowledged.println(thread + " " + kind + " " + sequence + " " + done.number() + " " + position);
            }
        }
    }

    /** Kind 0: one put; 1: three puts that must stay equal, and an append; 2: an append with an index. */
    private Batch batch(int thread, int kind, long sequence, Random random) {
        Bytes value = value(sequence, random.nextInt(4_096));
        if (kind == 0) {
            return Batch.of(mode, new Write.Put(Space.STATE, single(thread, sequence), value));
        }
        Write append = new Write.Append(Space.EVENTS, value(sequence, 10), List.of(Bytes.utf8("t" + thread)));
        if (kind == 2) {
            return Batch.of(mode, append);
        }
        return Batch.of(
                mode,
                new Write.Put(Space.STATE, together(thread, 0), value),
                append,
                new Write.Put(Space.META, together(thread, 1), value),
                new Write.Put(Space.STATE, together(thread, 2), value));
    }

    static Bytes single(int thread, long sequence) {
        return Bytes.utf8("single/" + thread + "/" + sequence % KEYS);
    }

    static Bytes together(int thread, int part) {
        return Bytes.utf8("together/" + thread + "/" + part);
    }

    private static Bytes value(long sequence, int padding) {
        return Bytes.own(
                ByteBuffer.allocate(Long.BYTES + padding).putLong(sequence).array());
    }

    /** The planted fault: tells of writes that have not begun. Some always wait, so that each kill finds one. */
    private static final class AcknowledgesEarly implements Function<Batch, Commit> {
        private static final int WAITING = 50;

        private final StorageBackend store;
        private final Deque<Batch> waiting = new ArrayDeque<>();

        AcknowledgesEarly(StorageBackend store) {
            this.store = store;
        }

        @Override
        public synchronized Commit apply(Batch batch) {
            waiting.add(batch);
            if (waiting.size() > WAITING) {
                store.commit(waiting.remove());
            }
            return new Commit.Done(0, List.of(), batch.mode());
        }
    }
}
