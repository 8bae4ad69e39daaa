package io.llmspell.events;

import io.llmspell.core.event.SubscriptionStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the subscriptions of an event type.
 *
 * <p>Subscriptions stand in buckets by the plain words that their pattern begins with: {@code agent.7.**} under
 * {@code agent.7}, {@code *.error} under nothing. A type looks into one bucket for each of its own beginnings. What was
 * found for a type is remembered until subscriptions change or it becomes too much.
 *
 * <p><b>Threads:</b> changes happen under the order lock of the bus; readers take no lock. A reader takes the memory
 * first and the buckets afterwards, a change comes in the other order: so what a reader puts into the present memory
 * knows of every change before it.
 */
final class Routes {
    private static final int MOST_TYPES = 4096;
    private static final long MOST_REFERENCES = 1_000_000;
    private static final String GLOB_CHARACTERS = "*?[]{}\\";
    private static final BusSubscription[] NONE = new BusSubscription[0];

    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentHashMap<String, BusSubscription[]> byBeginning = new ConcurrentHashMap<>();
    private volatile Memory memory = new Memory();

    /** Guarded by the order lock, as the totals below. */
    private final TreeMap<Long, BusSubscription> all = new TreeMap<>();

    private long delivered;
    private long dropped;
    private long expired;
    private long failed;

    /** What was found so far, since the last change. */
    private static final class Memory {
        final ConcurrentHashMap<String, Route> found = new ConcurrentHashMap<>();
        final AtomicLong references = new AtomicLong();
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    Route of(String type) {
        Memory present = memory;
        Route known = present.found.get(type);
        return known != null ? known : remember(present, type);
    }

    private Route remember(Memory present, String type) {
        Route route = Route.of(matching(type));
        if (present.found.size() >= MOST_TYPES || present.references.get() > MOST_REFERENCES) {
            present.found.clear();
            present.references.set(0);
        }
        present.references.addAndGet(route.size());
        present.found.put(type, route);
        return route;
    }

    private List<BusSubscription> matching(String type) {
        List<BusSubscription> found = new ArrayList<>();
        collect(byBeginning.get(""), type, found);
        for (int dot = type.indexOf('.'); dot >= 0; dot = type.indexOf('.', dot + 1)) {
            collect(byBeginning.get(type.substring(0, dot)), type, found);
        }
        collect(byBeginning.get(type), type, found);
        if (found.size() > 1) {
            found.sort(Comparator.comparingLong(BusSubscription::number));
        }
        return found;
    }

    private static void collect(BusSubscription @Nullable [] bucket, String type, List<BusSubscription> found) {
        if (bucket == null) {
            return;
        }
        for (BusSubscription each : bucket) {
            if (each.compiled().matches(type)) {
                found.add(each);
            }
        }
    }

    /** Under the order lock. */
    void add(BusSubscription subscription) {
        all.put(subscription.number(), subscription);
        change(subscription, bucket -> with(bucket, subscription));
    }

    /** Under the order lock: forgets a closed subscription and keeps its final counters. */
    void remove(BusSubscription subscription, SubscriptionStats last) {
        if (all.remove(subscription.number()) == null) {
            return;
        }
        delivered += last.delivered();
        dropped += last.dropped();
        expired += last.expired();
        failed += last.failed();
        change(subscription, bucket -> without(bucket, subscription));
    }

    private void change(BusSubscription subscription, UnaryOperator<BusSubscription[]> edit) {
        String beginning = beginning(subscription.pattern());
        BusSubscription[] changed = edit.apply(byBeginning.getOrDefault(beginning, NONE));
        if (changed.length == 0) {
            byBeginning.remove(beginning);
        } else {
            byBeginning.put(beginning, changed);
        }
        memory = new Memory();
    }

    /** The segments before the first one with a glob character; all of a pattern that has none. */
    private static String beginning(String pattern) {
        int dot = 0;
        for (int i = 0; i < pattern.length(); i++) {
            if (GLOB_CHARACTERS.indexOf(pattern.charAt(i)) >= 0) {
                return pattern.substring(0, dot);
            }
            dot = pattern.charAt(i) == '.' ? i : dot;
        }
        return pattern;
    }

    private static BusSubscription[] with(BusSubscription[] bucket, BusSubscription added) {
        BusSubscription[] changed = Arrays.copyOf(bucket, bucket.length + 1);
        changed[bucket.length] = added;
        return changed;
    }

    private static BusSubscription[] without(BusSubscription[] bucket, BusSubscription gone) {
        List<BusSubscription> left = new ArrayList<>(List.of(bucket));
        left.remove(gone);
        return left.toArray(NONE);
    }

    /** Under the order lock. */
    List<BusSubscription> all() {
        return List.copyOf(all.values());
    }

    /** Under the order lock: the counters of all subscriptions, those that have ended included. */
    Totals totals() {
        long deliveredNow = delivered;
        long droppedNow = dropped;
        long expiredNow = expired;
        long failedNow = failed;
        long buffered = 0;
        for (BusSubscription each : all.values()) {
            SubscriptionStats stats = each.counted();
            deliveredNow += stats.delivered();
            droppedNow += stats.dropped();
            expiredNow += stats.expired();
            failedNow += stats.failed();
            buffered += stats.buffered();
        }
        return new Totals(all.size(), deliveredNow, droppedNow, expiredNow, buffered, failedNow);
    }

    /**
     * Sums over all subscriptions.
     *
     * @param subscriptions present ones
     * @param delivered handed to handlers
     * @param dropped lost
     * @param expired past their time
     * @param buffered in all queues
     * @param failed handlers that failed
     */
    record Totals(long subscriptions, long delivered, long dropped, long expired, long buffered, long failed) {}
}
