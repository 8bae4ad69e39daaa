package io.llmspell.hooks;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.concurrent.Ticker;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonValues;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The outputs that hooks keep by Cache.
 *
 * <p>Whoever asks is part of the key, so that no caller gets what was made with the rights of another one. Bounded by
 * the size of the values; the least useful go first.
 */
final class ResultCache {
    private static final long MOST_BYTES = 64L << 20;
    private static final int ENTRY_BYTES = 256;

    /**
     * What an entry is found by.
     *
     * @param kind the kind of the operation
     * @param component what ran
     * @param principal who asked
     * @param key the hook's key, or the input
     */
    record Key(
            OperationKind kind,
            Component component,
            String principal,
            @Nullable Object key) {}

    private record Entry(Outcome output, int bytes, long ttlNanos) {}

    /** Made with the first use: the library starts the log of the JDK. */
    private final Lazy<com.github.benmanes.caffeine.cache.Cache<Key, Entry>> entries;

    ResultCache(Ticker time) {
        this.entries = new Lazy<>(() -> Caffeine.newBuilder()
                .maximumWeight(MOST_BYTES)
                .<Key, Entry>weigher((key, entry) -> entry.bytes)
                .expireAfter(Expiry.<Key, Entry>writing((key, entry) -> Duration.ofNanos(entry.ttlNanos)))
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build());
    }

    @Nullable Outcome get(Key key) {
        Entry entry = entries.get().getIfPresent(key);
        return entry == null ? null : entry.output;
    }

    void put(Key key, @Nullable Object output, Duration ttl) {
        long bytes = JsonValues.bytes(output) + JsonValues.bytes(key.key()) + ENTRY_BYTES;
        entries.get().put(key, new Entry(new Outcome(output), Math.toIntExact(bytes), Detour.nanos(ttl)));
    }
}
