package io.llmspell.hooks.distributed;

import io.llmspell.core.error.LimitException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The nonces of what was taken and has not expired, a bounded number of them. Everything is under its monitor, without
 * foreign code.
 *
 * <p>A nonce is forgotten when the anchored clock has passed the end of its context, after which no clock takes that
 * context any more. Full of unexpired ones, it takes nothing new rather than forget one.
 */
final class ReplayCache {
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final PeerClock clock;
    private final int most;
    private final Set<String> known = new HashSet<>();
    private final PriorityQueue<Entry> byEnd = new PriorityQueue<>(Comparator.comparing(Entry::end));

    ReplayCache(PeerClock clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    private record Entry(Instant end, String nonce) {}

    /** Notes a nonce; false if it is known already. */
    synchronized boolean first(String nonce, Instant end) {
        Instant passed = clock.ticked().minus(MARGIN);
        for (Entry oldest = byEnd.peek(); oldest != null && oldest.end.isBefore(passed); oldest = byEnd.peek()) {
            byEnd.remove();
            known.remove(oldest.nonce);
        }
        if (known.contains(nonce)) {
            return false;
        }
        if (known.size() >= most) {
            throw LimitException.exceeded(
                    "nonces", String.valueOf(most), "more contexts arrive than can be told from replayed ones");
        }
        known.add(nonce);
        byEnd.add(new Entry(end, nonce));
        return true;
    }

    synchronized int size() {
        return known.size();
    }
}
