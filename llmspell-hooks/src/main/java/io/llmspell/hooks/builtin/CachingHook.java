package io.llmspell.hooks.builtin;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Answers operations with outputs that it has kept.
 *
 * <p>It keeps what the body gave, before hooks after it change it, because they run again on an answer from here; and it
 * keeps it when the operation has ended, because a guard may yet withhold the output. A hit is a Replace, so promises and
 * guards hold as for any answer. {@code filling} holds one entry for each operation that missed, until it ends.
 * <b>Threads:</b> safe.
 */
final class CachingHook implements RunningBuiltin {
    /** Not results of the operation itself, so another call may fare better. */
    private static final Set<ErrorCode> NOT_KEPT = Set.of(
            ErrorCode.OPERATION_CANCELLED,
            ErrorCode.CANCELLED,
            ErrorCode.HOOK_FAILED,
            ErrorCode.HOOK_TIMEOUT,
            ErrorCode.RETRY_EXHAUSTED);

    private static final int LONGEST_REASON = 2_000;

    private final CachingConfig config;
    private final TimeSource time;
    private final Logger log;
    private final OutputTap tap;
    private final Handle open;
    private final RequestKeys keys;
    private final KeptOutputs outputs;
    private final ConcurrentMap<String, Fill> filling = new ConcurrentHashMap<>();
    private final LongAdder attempts = new LongAdder();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder savedNanos = new LongAdder();

    CachingHook(CachingConfig config, BuiltinServices services, OutputTap tap) {
        this.config = config;
        this.time = services.time();
        this.log = services.loggers().apply("io.llmspell.hooks.builtin.caching");
        this.tap = tap;
        this.keys = new RequestKeys(services.json(), config.useFullContext());
        Duration extension = config.extendTtlOnHit() ? config.ttlExtension() : Duration.ZERO;
        this.outputs = new KeptOutputs(config.maxEntries(), config.defaultTtl(), extension, time);
        List<HookPoint> after = config.points().stream()
                .map(OutputTap::after)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        this.open = tap.open(after);
    }

    /** An operation that missed; its fields are written by the thread that drives it. */
    private static final class Fill {
        private int attempt;
        private RequestKeys.Key key;
        private long beganNanos;
        private long tookNanos;
        private @Nullable Outcome output;

        private Fill(RequestKeys.Key key) {
            this.key = key;
        }

        private void begin(RequestKeys.Key missed, int run, long now) {
            key = missed;
            attempt = run;
            beganNanos = now;
            output = null;
        }
    }

    @Override
    public HookResult execute(HookContext context) {
        Fill earlier = filling.get(context.operation().id());
        if (earlier != null && earlier.attempt == context.attempt()) {
            return HookResult.proceed(); // missed at an earlier point of the same run
        }
        attempts.increment();
        RequestKeys.Key key;
        KeptOutputs.Kept kept;
        try {
            key = keys.of(context);
            kept = outputs.get(key);
        } catch (RuntimeException failure) {
            failed("look up", failure);
            return HookResult.proceed();
        }
        if (kept == null) {
            miss(context, earlier, key);
            return HookResult.proceed();
        }
        return hit(context, kept);
    }

    private void failed(String what, RuntimeException failure) {
        errors.increment();
        log.warn("the cache could not {} an output", what, failure);
    }

    private HookResult hit(HookContext context, KeptOutputs.Kept kept) {
        hits.increment();
        savedNanos.add(kept.tookNanos());
        Marks.put(context, "cache_hit", "true");
        Marks.put(context, "cached_at", kept.at().toString());
        return kept.error() == null ? HookResult.replace(kept.output()) : HookResult.cancel(kept.error());
    }

    private void miss(HookContext context, @Nullable Fill earlier, RequestKeys.Key key) {
        misses.increment();
        Marks.put(context, "cache_hit", "false");
        Marks.put(context, "cache_checked_at", time.now().toString());
        Fill fill = earlier == null ? new Fill(key) : earlier;
        fill.begin(key, context.attempt(), time.nanos());
        if (earlier == null) {
            String id = context.operation().id();
            filling.put(id, fill);
            context.onEnd(ended -> {
                filling.remove(id);
                ended(ended, fill);
            });
        }
        tap.watch(context, seen -> {
            fill.tookNanos = time.nanos() - fill.beganNanos;
            fill.output = new Outcome(seen.operation().output());
        });
    }

    private void ended(OperationView operation, Fill fill) {
        try {
            keep(operation, fill);
        } catch (RuntimeException failure) { // of the condition, which is foreign code
            failed("keep", failure);
        }
    }

    private void keep(OperationView operation, Fill fill) {
        LlmSpellException error = operation.error();
        Outcome output = fill.output;
        long took = error == null ? fill.tookNanos : time.nanos() - fill.beganNanos;
        if (took < config.minExecutionTime().toNanos()) {
            return;
        }
        if (error != null) {
            if (config.cacheErrors() && !error.code().retryable() && !NOT_KEPT.contains(error.code())) {
                put(fill.key, new KeptOutputs.Kept(null, text(error), time.now(), took));
            }
        } else if (output != null && wanted(operation, output.json())) {
            put(fill.key, new KeptOutputs.Kept(output.json(), null, time.now(), took));
        }
    }

    private static String text(LlmSpellException error) {
        String text = "the same call failed before: " + error.getMessage();
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "...";
    }

    private boolean wanted(OperationView operation, @Nullable Object output) {
        return switch (config.strategy()) {
            case ALL -> true;
            case SUCCESS_ONLY -> success(output);
            case KINDS -> config.kinds().contains(operation.kind()) && success(output);
            case CUSTOM -> config.condition() != null && config.condition().test(operation);
        };
    }

    private static boolean success(@Nullable Object output) {
        return !(output instanceof Map<?, ?> object) || !Boolean.FALSE.equals(object.get("success"));
    }

    private void put(RequestKeys.Key key, KeptOutputs.Kept kept) {
        outputs.put(key, kept);
        puts.increment();
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        long asked = attempts.sum();
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("attempts", asked);
        figures.put("hits", hits.sum());
        figures.put("misses", misses.sum());
        figures.put("puts", puts.sum());
        figures.put("entries", outputs.size());
        figures.put("evictions", outputs.evictions());
        figures.put("errors", errors.sum());
        figures.put("time_saved_ms", Duration.ofNanos(savedNanos.sum()).toMillis());
        figures.put("hit_ratio", asked == 0 ? 0.0 : (double) hits.sum() / asked);
        return figures;
    }

    @Override
    public void close() {
        open.close();
    }
}
