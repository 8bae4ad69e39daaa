package io.llmspell.hooks.builtin;

import io.github.bucket4j.ConsumptionProbe;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how often operations run, by a token bucket for each key.
 *
 * <p>An operation takes one token for each run, however often the hook is asked about it. With the action delay it takes a
 * token that is still to come and waits exactly for it, so waiting operations do not race when tokens come back.
 * {@code turns} holds one entry for each running operation that has a token, until it ends. <b>Threads:</b> safe.
 */
final class RateLimitHook implements RunningBuiltin {
    private static final int MOST_KEYS_SHOWN = 1_000;
    private static final long NANOS_IN_SECOND = 1_000_000_000L;

    private final RateLimitConfig config;
    private final TimeSource time;
    private final OutputTap tap;
    private final Handle open;
    private final TokenBuckets buckets;
    private final @Nullable RequestKeys keys;
    private final @Nullable KeptOutputs outputs;
    private final ConcurrentMap<String, Turn> turns;
    private final Figures figures;

    RateLimitHook(RateLimitConfig config, BuiltinServices services, OutputTap tap, @Nullable RateLimitHook before) {
        this.config = config;
        this.time = services.time();
        this.tap = tap;
        this.buckets = before != null && config.sameBuckets(before.config)
                ? before.buckets
                : new TokenBuckets(config, services.time());
        this.turns = before == null ? new ConcurrentHashMap<>() : before.turns;
        this.figures = before == null ? new Figures() : before.figures;
        boolean caches = config.action() == RateLimitConfig.Action.RETURN_CACHED;
        this.keys = caches ? new RequestKeys(services.json(), true) : null;
        this.outputs = caches
                ? new KeptOutputs(config.maxBuckets(), config.bucketTtl(), Duration.ZERO, services.time())
                : null;
        this.open = tap.open(caches ? after(config) : List.of());
    }

    private static List<HookPoint> after(RateLimitConfig config) {
        List<HookPoint> points = config.points().isEmpty()
                ? List.of(HookPoint.BEFORE_TOOL_EXECUTION, HookPoint.BEFORE_AGENT_EXECUTION)
                : config.points();
        return points.stream()
                .map(OutputTap::after)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** The token of a running operation; its fields are written by the thread that drives it. */
    private static final class Turn {
        private final TokenBucket bucket;
        private int attempt;

        /** The token was still to come, and the operation has not yet used it. */
        private boolean waits;

        private Turn(TokenBucket bucket) {
            this.bucket = bucket;
        }

        /** Whether a run of the operation has its token. */
        private boolean covers(int run) {
            if (waits) {
                waits = false;
                attempt = run;
                bucket.turnCame();
                return true;
            }
            return attempt == run;
        }

        private void ended() {
            if (waits) {
                waits = false;
                bucket.giveBack();
            }
        }
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
        Turn turn = turns.get(context.operation().id());
        if (turn != null) {
            boolean waited = turn.waits;
            if (turn.covers(context.attempt())) {
                if (waited) {
                    figures.allowed.increment();
                }
                return HookResult.proceed();
            }
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
        turn(context, bucket).waits = true;
        Duration delay = Duration.ofNanos(wait);
        Marks.put(context, "rate_limit_delay_ms", String.valueOf(millis(delay)));
        return HookResult.retry(delay, context.attempt() + 1);
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
        turn(context, bucket);
        long full = bucket.limit().full();
        if (full - left >= config.warningThreshold() * full) {
            figures.warnings.increment();
            header(context, "Warning", (full - left) + " of " + full + " used for " + TokenBuckets.text(key));
        }
        if (keys != null && outputs != null && OutputTap.after(context.point()) != null) {
            remember(context, keys.of(context), outputs);
        }
    }

    private Turn turn(HookContext context, TokenBucket bucket) {
        String id = context.operation().id();
        Turn fresh = new Turn(bucket);
        fresh.attempt = context.attempt();
        if (turns.put(id, fresh) == null) {
            context.onEnd(ended -> {
                Turn last = turns.remove(id);
                if (last != null) {
                    last.ended();
                }
            });
        }
        return fresh;
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

    /** Keeps the output of the same request of the same principal, if the operation ends well. */
    private void remember(HookContext context, RequestKeys.Key key, KeptOutputs kept) {
        Remembered slot = new Remembered();
        tap.watch(context, seen -> slot.output = new Outcome(seen.operation().output()));
        context.onEnd(ended -> slot.keep(ended, key, kept, time));
    }

    /** What an operation gave; written and read by the thread that drives it. */
    private static final class Remembered {
        private @Nullable Outcome output;

        private void keep(OperationView ended, RequestKeys.Key key, KeptOutputs kept, TimeSource time) {
            if (output != null && ended.error() == null) {
                kept.put(key, new KeptOutputs.Kept(output.json(), null, time.now(), 0));
            }
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
    public void close() {
        open.close();
    }
}
