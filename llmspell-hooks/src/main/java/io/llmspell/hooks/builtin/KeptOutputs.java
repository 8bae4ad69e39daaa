package io.llmspell.hooks.builtin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Outputs by key, bounded in number and time.
 *
 * <p><b>Threads:</b> safe.
 */
final class KeptOutputs {
    private final Cache<RequestKeys.Key, Kept> outputs;

    /**
     * Makes an empty store.
     *
     * @param extension what a hit adds to the time that an output has left
     * @param evictions counts the outputs that are dropped, because there are too many or their time is over
     */
    KeptOutputs(long maxEntries, Duration ttl, Duration extension, TimeSource time, LongAdder evictions) {
        this.outputs = Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .ticker(time::nanos)
                .executor(Runnable::run)
                .expireAfter(new Freshness(ttl.toNanos(), extension.toNanos()))
                .evictionListener((key, kept, cause) -> {
                    if (cause.wasEvicted()) {
                        evictions.increment();
                    }
                })
                .build();
    }

    /**
     * An output, or the text of an error.
     *
     * @param output the output, a JSON value
     * @param error why the operation failed, null if it did not
     * @param at when it was kept
     * @param tookNanos how long the operation took
     */
    record Kept(@Nullable Object output, @Nullable String error, Instant at, long tookNanos) {}

    @Nullable Kept get(RequestKeys.Key key) {
        return outputs.getIfPresent(key);
    }

    void put(RequestKeys.Key key, Kept kept) {
        outputs.put(key, kept);
    }

    long size() {
        outputs.cleanUp();
        return outputs.estimatedSize();
    }

    /** The time of an output begins when it is kept, and may grow with each hit. */
    private record Freshness(long ttlNanos, long extensionNanos) implements Expiry<RequestKeys.Key, Kept> {
        @Override
        public long expireAfterCreate(RequestKeys.Key key, Kept kept, long now) {
            return ttlNanos;
        }

        @Override
        public long expireAfterUpdate(RequestKeys.Key key, Kept kept, long now, long left) {
            return ttlNanos;
        }

        @Override
        public long expireAfterRead(RequestKeys.Key key, Kept kept, long now, long left) {
            return extensionNanos == 0 ? left : left + extensionNanos;
        }
    }
}
