package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.rocksdb.RocksIterator;

/** Eight threads use a store while it is closed, in a process of its own, because the fault ends the process. */
final class CloseRace {
    private static final int THREADS = 8;

    private CloseRace() {}

    /** Arguments: folder, rounds, {@code gate} or {@code bare}. Exit code 0 if all calls ended in the right way. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        try {
            rounds(folder, arguments);
        } catch (Throwable wrong) {
            wrong.printStackTrace();
            Runtime.getRuntime().halt(1); // users of a store that nobody refuses would keep the process alive
        }
    }

    private static void rounds(Path folder, String[] arguments) throws Exception {
        for (int round = 0; round < Integer.parseInt(arguments[1]); round++) {
            if (arguments[2].equals("gate")) {
                gated(folder);
            } else {
                bare(folder);
            }
        }
    }

    private static void gated(Path folder) throws Exception {
        try (SystemTimeSource time = new SystemTimeSource()) {
            StorageBackend store = RocksDbStorage.at(folder).createIfMissing().open(Sandbox.SPACES, time);
            race(store::close, thread -> use(store, thread));
        }
    }

    /** What a thread does until the store refuses it. */
    private interface User {
        void use(int thread);
    }

    private static void race(Runnable close, User user) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        CountDownLatch warm = new CountDownLatch(THREADS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            Callable<Boolean> task = () -> {
                for (int n = 0; ; n++) {
                    try {
                        user.use(thread);
                    } catch (LlmSpellException refused) {
                        expectClosed(refused);
                        return true;
                    }
                    if (n == 20) {
                        warm.countDown();
                    }
                }
            };
            running.add(pool.submit(task));
        }
        warm.await();
        close.run();
        for (Future<?> each : running) {
            each.get(30, TimeUnit.SECONDS);
        }
        pool.shutdown();
    }

    private static void expectClosed(LlmSpellException refused) {
        if (!refused.code().equals(ErrorCode.STORE_CLOSED)) {
            throw new InvalidStateException("refused with " + refused.getMessage());
        }
    }

    private static void use(StorageBackend store, int thread) {
        switch (thread % 4) {
            case 0 ->
                store.commit(Batch.of(
                        WriteMode.BUFFERED,
                        new Write.Put(Space.STATE, Bytes.ofLong(thread), Bytes.utf8("x".repeat(100)))));
            case 1 -> store.get(Space.STATE, Bytes.ofLong(0));
            case 2 -> {
                try (Cursor cursor = store.scan(Space.STATE, Range.all())) {
                    while (cursor.next()) {
                        cursor.entry();
                    }
                }
            }
            default -> {
                try (Snapshot snapshot = store.snapshot();
                        Cursor cursor = snapshot.scan(Space.STATE, Range.all())) {
                    cursor.next();
                    snapshot.get(Space.STATE, Bytes.ofLong(4));
                }
            }
        }
    }

    /** The planted fault: the same calls without the gate. If they do not crash, they go on for ever, which is found too. */
    private static void bare(Path folder) throws Exception {
        try (SystemTimeSource time = new SystemTimeSource()) {
            RocksDbStorage.at(folder)
                    .createIfMissing()
                    .open(Sandbox.SPACES, time)
                    .close();
        }
        NativeStore store = NativeStore.open(
                RocksDbStorage.at(folder), folder.resolve("generations/000001"), Recovery.KEEPS_LOGS, Sandbox.SPACES);
        race(store::close, thread -> {
            try (RocksIterator iterator = store.iterator(store.family(Space.STATE, false), store.plain())) {
                iterator.seekToFirst();
            }
            store.get(store.family(Space.STATE, false), store.plain(), Bytes.ofLong(thread));
        });
    }
}
