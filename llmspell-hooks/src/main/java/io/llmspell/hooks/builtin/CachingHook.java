package io.llmspell.hooks.builtin;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
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
 * guards hold as for any answer. {@code filling} holds one entry for each attempt that missed, until it ends.
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

    private static final String HIT = "cache_hit";
    private static final int LONGEST_REASON = 2_000;

    private final CachingConfig config;
    private final TimeSource time;
    private final Logger log;
    private final Handle open;
    private final RequestKeys keys;
    private final KeptOutputs outputs;
    private final ConcurrentMap<String, Fill> filling = new ConcurrentHashMap<>();
    private final Figures figures;

    CachingHook(CachingConfig config, BuiltinServices services, OutputTap tap, @Nullable CachingHook before) {
        this.config = config;
        this.time = services.time();
        this.log = services.loggers().apply("io.llmspell.hooks.builtin.caching");
        this.keys = new RequestKeys(services.json(), config.useFullContext());
        this.figures = before == null ? new Figures() : before.figures;
        this.outputs =
                before != null && keepsAlike(config, before.config) ? before.outputs : outputs(config, time, figures);
        this.open = tap.open(config.points(), this::seen);
    }

    private static KeptOutputs outputs(CachingConfig config, TimeSource time, Figures figures) {
        Duration extension = config.extendTtlOnHit() ? config.ttlExtension() : Duration.ZERO;
        return new KeptOutputs(config.maxEntries(), config.defaultTtl(), extension, time, figures.evictions);
    }

    /** Whether what was kept under other settings would be kept under these. */
    private static boolean keepsAlike(CachingConfig config, CachingConfig other) {
        return config.maxEntries() == other.maxEntries()
                && config.defaultTtl().equals(other.defaultTtl())
                && config.extendTtlOnHit() == other.extendTtlOnHit()
                && config.ttlExtension().equals(other.ttlExtension())
                && config.useFullContext() == other.useFullContext()
                && config.strategy() == other.strategy()
                && config.kinds().equals(other.kinds())
                && Objects.equals(config.condition(), other.condition())
                && config.cacheErrors() == other.cacheErrors();
    }

    /** What the hook counts, also across changes of its settings. */
    private static final class Figures {
        private final LongAdder attempts = new LongAdder();
        private final LongAdder hits = new LongAdder();
        private final LongAdder misses = new LongAdder();
        private final LongAdder puts = new LongAdder();
        private final LongAdder evictions = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final LongAdder savedNanos = new LongAdder();
    }

    /** An attempt of an operation that missed; written and read by the thread that drives it. */
    private static final class Fill {
        private final RequestKeys.Key key;
        private final long beganNanos;
        private long tookNanos;
        private @Nullable Outcome output;

        private Fill(RequestKeys.Key key, long beganNanos) {
            this.key = key;
            this.beganNanos = beganNanos;
        }
    }

    @Override
    public HookResult execute(HookContext context) {
        if (filling.containsKey(context.operation().id())) {
            return HookResult.proceed(); // missed at an earlier point of the same attempt
        }
        figures.attempts.increment();
        RequestKeys.Key key;
        KeptOutputs.Kept kept;
        try {
            key = keys.of(context);
            kept = rejected(context) ? null : outputs.get(key);
        } catch (RuntimeException failure) {
            failed("look up", failure);
            return HookResult.proceed();
        }
        if (kept == null) {
            miss(context, key);
            return HookResult.proceed();
        }
        return hit(context, kept);
    }

    /** A hook wanted another attempt after one that was looked up here; the same answer would not help it. */
    private static boolean rejected(HookContext context) {
        return context.attempt() > 1 && context.metadata().containsKey(HIT);
    }

    private void failed(String what, RuntimeException failure) {
        figures.errors.increment();
        log.warn("the cache could not {} an output", what, LogText.maskedError(failure));
    }

    private HookResult hit(HookContext context, KeptOutputs.Kept kept) {
        figures.hits.increment();
        figures.savedNanos.add(kept.tookNanos());
        Marks.put(context, HIT, "true");
        Marks.put(context, "cached_at", kept.at().toString());
        return kept.error() == null ? HookResult.replace(kept.output()) : HookResult.cancel(kept.error());
    }

    private void miss(HookContext context, RequestKeys.Key key) {
        figures.misses.increment();
        Marks.put(context, HIT, "false");
        Marks.put(context, "cache_checked_at", time.now().toString());
        Fill fill = new Fill(key, time.nanos());
        String id = context.operation().id();
        filling.put(id, fill);
        context.onEnd(ended -> {
            filling.remove(id);
            ended(ended, fill);
        });
    }

    /** Notes what the body gave; what a hook gave in its place is not kept. */
    private void seen(HookContext context) {
        if (filling.isEmpty() || context.operation().replaced()) {
            return;
        }
        Fill fill = filling.get(context.operation().id());
        if (fill != null) {
            fill.tookNanos = time.nanos() - fill.beganNanos;
            fill.output = new Outcome(context.operation().output());
        }
    }

    private void ended(OperationView operation, Fill fill) {
        if (operation.runsAgain()) {
            return; // whoever asked for another attempt did not want the outcome of this one
        }
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
        figures.puts.increment();
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        long asked = figures.attempts.sum();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("attempts", asked);
        shown.put("hits", figures.hits.sum());
        shown.put("misses", figures.misses.sum());
        shown.put("puts", figures.puts.sum());
        shown.put("entries", outputs.size());
        shown.put("evictions", figures.evictions.sum());
        shown.put("errors", figures.errors.sum());
        shown.put("time_saved_ms", Duration.ofNanos(figures.savedNanos.sum()).toMillis());
        shown.put("hit_ratio", asked == 0 ? 0.0 : (double) figures.hits.sum() / asked);
        return shown;
    }

    @Override
    public void close() {
        open.close();
    }
}
