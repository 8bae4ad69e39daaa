package io.llmspell.testing.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageReader;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Short words for the tests of the contract. */
final class Stores {
    private Stores() {}

    static Bytes key(String text) {
        return Bytes.utf8(text);
    }

    static Bytes raw(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Bytes.own(bytes);
    }

    static Write put(String key, String value) {
        return new Write.Put(Space.STATE, key(key), key(value));
    }

    static Write delete(String key) {
        return new Write.Delete(Space.STATE, key(key));
    }

    static Write expect(String key, long revision) {
        return new Write.Expect(Space.STATE, key(key), revision);
    }

    static Write append(String value, String... prefixes) {
        return new Write.Append(
                Space.EVENTS,
                key(value),
                List.of(prefixes).stream().map(Stores::key).toList());
    }

    static Commit.Done write(StorageBackend store, Write... writes) {
        return commit(store, writes).orThrow();
    }

    static Commit commit(StorageBackend store, Write... writes) {
        return store.commit(Batch.of(WriteMode.DURABLE, writes));
    }

    static String text(StorageReader store, String key) {
        return store.get(Space.STATE, key(key))
                .map(Stored::value)
                .map(Bytes::text)
                .orElse("absent");
    }

    static long revision(StorageReader store, String key) {
        return store.get(Space.STATE, key(key)).map(Stored::revision).orElse(0L);
    }

    static List<Entry> all(Cursor cursor) {
        List<Entry> found = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                found.add(cursor.entry());
            }
        }
        return found;
    }

    static List<String> keys(Cursor cursor) {
        return all(cursor).stream().map(entry -> entry.key().text()).toList();
    }

    static List<String> values(Cursor cursor) {
        return all(cursor).stream().map(entry -> entry.stored().value().text()).toList();
    }

    static List<Long> positions(Cursor cursor) {
        return all(cursor).stream().map(entry -> entry.key().longAt(0)).toList();
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    /** Runs a task in several threads at once and gives what each returned; a failure of one fails the test. */
    static <T> List<T> parallel(int threads, Callable<T> task) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get(60, TimeUnit.SECONDS));
            }
            return results;
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a parallel task failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test was interrupted", e);
        } finally {
            pool.shutdownNow();
        }
    }
}
