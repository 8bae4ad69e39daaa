package io.llmspell.hooks.builtin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.ConsumptionProbe;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how often operations run, by a token bucket for each key.
 *
 * <p>An operation takes a token for each attempt, when the hook is asked about it. With the action delay it takes a token
 * that is still to come and waits exactly for it, so waiting operations do not race when tokens come back;
 * {@code waiting} says by operation whose token that is. {@code remembered} holds one entry for each running attempt whose
 * output may be given again, until it ends. <b>Threads:</b> safe.
 */
final class RateLimitHook implements RunningBuiltin {
    private static final int MOST_KEYS_SHOWN = 1_000;
    private static final int MOST_WAITING = 100_000;
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final long NANOS_IN_SECOND = 1_000_000_000L;

    private final RateLimitConfig config;
    private final TimeSource time;
    private final Handle open;
    private final TokenBuckets buckets;
    private final @Nullable RequestKeys keys;
    private final @Nullable KeptOutputs outputs;
    private final ConcurrentMap<String, Remembered> remembered = new ConcurrentHashMap<>();
    private final Cache<String, TokenBucket> waiting;
    private final Figures figures;

    RateLimitHook(RateLimitConfig config, BuiltinServices services, OutputTap tap, @Nullable RateLimitHook before) {
        this.config = config;
        this.time = services.time();
        this.buckets = before != null && config.sameBuckets(before.config)
                ? before.buckets
                : new TokenBuckets(config, services.time());
        this.waiting = before == null ? waiting(services.time()) : before.waiting;
        this.figures = before == null ? new Figures() : before.figures;
        boolean caches = config.action() == RateLimitConfig.Action.RETURN_CACHED;
        this.keys = caches ? new RequestKeys(services.json(), true) : null;
        this.outputs = caches
                ? new KeptOutputs(
                        config.maxBuckets(), config.bucketTtl(), Duration.ZERO, services.time(), new LongAdder())
                : null;
        this.open = tap.open(caches ? points(config) : List.of(), this::seen);
    }

    /** Bounded, because an operation whose turn has come may be refused before it gets here again. */
    private static Cache<String, TokenBucket> waiting(TimeSource time) {
        return Caffeine.newBuilder()
                .maximumSize(MOST_WAITING)
                .expireAfterWrite(LONGEST_WAIT)
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    private static List<HookPoint> points(RateLimitConfig config) {
        return config.points().isEmpty() ? RateLimitConfig.POINTS : config.points();
    }

    /** What the hook counts over all keys. */
    private static final class Figures {
        private final LongAdder total = new LongAdder();
        private final LongAdder allowed = new LongAdder();
        private final LongAdder limited = new LongAdder();
        private final LongAdder delayed = new LongAdder();
        private final LongAdder warnings = new LongAdder();
    }

    @Override
    public HookResult execute(HookContext context) {
        if (context.attempt() > 1 && turnCame(context)) {
            return HookResult.proceed();
        }
        figures.total.increment();
        Object key = buckets.key(config, context);
        TokenBucket bucket = buckets.bucket(key);
        if (config.action() == RateLimitConfig.Action.DELAY) {
            return taken(context, key, bucket);
        }
        ConsumptionProbe probe = bucket.take();
        if (probe.isConsumed()) {
            allowed(context, key, bucket, probe.getRemainingTokens());
            headers(context, bucket, probe.getRemainingTokens(), probe.getNanosToWaitForReset(), 0);
            return HookResult.proceed();
        }
        figures.limited.increment();
        headers(context, bucket, 0, probe.getNanosToWaitForReset(), probe.getNanosToWaitForRefill());
        return limited(context, key, bucket, probe.getNanosToWaitForRefill());
    }

    // ---- tokens ----

    private HookResult taken(HookContext context, Object key, TokenBucket bucket) {
        long wait = bucket.reserve(config.maxDelay().toNanos());
        TokenBucket.State state = bucket.state();
        long left = Math.max(0, state.available());
        if (wait == 0) {
            allowed(context, key, bucket, left);
            headers(context, bucket, left, reset(bucket, state.available()), 0);
            return HookResult.proceed();
        }
        figures.limited.increment();
        long next = wait == TokenBucket.NEVER ? state.nanosToNext() : wait;
        headers(context, bucket, 0, reset(bucket, state.available()), next);
        if (wait == TokenBucket.NEVER) {
            return refused(key, bucket, next);
        }
        figures.delayed.increment();
        await(context, bucket);
        Duration delay = Duration.ofNanos(wait);
        Marks.put(context, "rate_limit_delay_ms", String.valueOf(millis(delay)));
        return HookResult.retry(delay, context.attempt() + 1);
    }

    /** Remembers that the operation has taken a token that is still to come. */
    private void await(HookContext context, TokenBucket bucket) {
        String id = context.operation().id();
        waiting.put(id, bucket);
        context.onEnd(ended -> {
            if (!ended.runsAgain() && waiting.asMap().remove(id, bucket)) {
                bucket.giveBack(); // the wait was refused, or nobody waits any more
            }
        });
    }

    private boolean turnCame(HookContext context) {
        TokenBucket bucket = waiting.asMap().remove(context.operation().id());
        if (bucket == null) {
            return false;
        }
        bucket.turnCame();
        figures.allowed.increment();
        return true;
    }

    /** A wait is shown rounded up, because a caller that comes back earlier is refused. */
    private static long millis(Duration delay) {
        return delay.plusNanos(999_999).toMillis();
    }

    private static long reset(TokenBucket bucket, long available) {
        RateLimitConfig.Limit limit = bucket.limit();
        double missing = (double) limit.full() - available;
        return (long) (missing * limit.refillInterval().toNanos() / limit.refillRate());
    }

    private void allowed(HookContext context, Object key, TokenBucket bucket, long left) {
        figures.allowed.increment();
        long full = bucket.limit().full();
        if (full - left >= config.warningThreshold() * full) {
            figures.warnings.increment();
            header(context, "Warning", (full - left) + " of " + full + " used for " + TokenBuckets.text(key));
        }
        if (keys != null && !OutputTap.after(context.point()).isEmpty()) {
            remember(context, keys.of(context));
        }
    }

    // ---- beyond the limit ----

    private HookResult limited(HookContext context, Object key, TokenBucket bucket, long waitNanos) {
        if (config.action() == RateLimitConfig.Action.REDIRECT && config.redirectTo() != null) {
            return HookResult.redirect(config.redirectTo());
        }
        if (keys != null && outputs != null) {
            KeptOutputs.Kept kept = outputs.get(keys.of(context));
            if (kept != null) {
                Marks.put(context, "use_cached_result", "true");
                return HookResult.replace(kept.output());
            }
        }
        return refused(key, bucket, waitNanos);
    }

    private static HookResult refused(Object key, TokenBucket bucket, long waitNanos) {
        RateLimitConfig.Limit limit = bucket.limit();
        return HookResult.cancel("rate_limited: " + TokenBuckets.text(key) + " may run " + limit.capacity()
                + " times" + (limit.burst() == 0 ? "" : " and a burst of " + limit.burst()) + ", with "
                + limit.refillRate() + " more every " + Options.text(limit.refillInterval())
                + "; retry after " + seconds(waitNanos) + " s");
    }

    /** Keeps the output for the same request of the same principal, if the operation ends well. */
    private void remember(HookContext context, RequestKeys.Key key) {
        String id = context.operation().id();
        Remembered slot = new Remembered(key);
        if (remembered.put(id, slot) == null) {
            context.onEnd(ended -> {
                Remembered last = remembered.remove(id);
                if (last != null && !ended.runsAgain() && ended.error() == null) {
                    keep(last);
                }
            });
        }
    }

    private void seen(HookContext context) {
        if (!remembered.isEmpty() && !context.operation().replaced()) {
            Remembered slot = remembered.get(context.operation().id());
            if (slot != null) {
                slot.output = new Outcome(context.operation().output());
            }
        }
    }

    private void keep(Remembered last) {
        Outcome output = last.output;
        if (output != null && outputs != null) {
            outputs.put(last.key, new KeptOutputs.Kept(output.json(), null, time.now(), 0));
        }
    }

    /** What a running operation gave; written and read by the thread that drives it. */
    private static final class Remembered {
        private final RequestKeys.Key key;
        private @Nullable Outcome output;

        private Remembered(RequestKeys.Key key) {
            this.key = key;
        }
    }

    // ---- headers ----

    private void headers(HookContext context, TokenBucket bucket, long left, long resetNanos, long waitNanos) {
        if (!config.addHeaders()) {
            return;
        }
        RateLimitConfig.Limit limit = bucket.limit();
        header(context, "Limit", String.valueOf(limit.capacity()));
        header(context, "Remaining", String.valueOf(left));
        header(context, "Reset", String.valueOf(seconds(resetNanos)));
        header(context, "Burst", String.valueOf(limit.burst()));
        if (waitNanos > 0) {
            header(context, "Retry-After", String.valueOf(Math.max(1, seconds(waitNanos))));
        }
    }

    private void header(HookContext context, String name, String value) {
        if (config.addHeaders()) {
            Marks.put(context, config.headerPrefix() + name, value);
        }
    }

    /** Whole seconds, rounded up. */
    private static long seconds(long nanos) {
        return Math.floorDiv(nanos + NANOS_IN_SECOND - 1, NANOS_IN_SECOND);
    }

    // ---- figures ----

    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("total", figures.total.sum());
        shown.put("allowed", figures.allowed.sum());
        shown.put("rate_limited", figures.limited.sum());
        shown.put("delayed", figures.delayed.sum());
        shown.put("warnings", figures.warnings.sum());
        Map<String, @Nullable Object> byKey = new LinkedHashMap<>();
        buckets.all().entrySet().stream().limit(MOST_KEYS_SHOWN).forEach(entry -> {
            TokenBucket.State state = entry.getValue().state();
            Map<String, @Nullable Object> key = new LinkedHashMap<>();
            key.put("allowed", state.allowed());
            key.put("rate_limited", state.limited());
            key.put("delayed", state.delayed());
            key.put("remaining", Math.max(0, state.available()));
            byKey.put(entry.getKey(), key);
        });
        shown.put("by_key", byKey);
        return shown;
    }

    @Override
    public boolean reserves() {
        return true;
    }

    @Override
    public void close() {
        open.close();
    }
}
