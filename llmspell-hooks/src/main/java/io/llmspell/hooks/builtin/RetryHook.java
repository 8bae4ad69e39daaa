package io.llmspell.hooks.builtin;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations again that failed for reasons that may pass.
 *
 * <p>It never argues with a decision: what a hook, a guard, a caller or an open breaker refused is not tried again. What it
 * must know of earlier attempts it reads from the notes that it left in the metadata; a hook that changes them can change
 * a wait between the bounds of the backoff, and the figures. {@code reasons} is bounded, because kinds of errors may come
 * from anywhere. <b>Threads:</b> safe.
 */
final class RetryHook implements RunningBuiltin {
    /** A change of state can only be refused; it has no result that another attempt could give. */
    private static final Set<OperationKind> ONE_RUN =
            EnumSet.of(OperationKind.AGENT_INIT, OperationKind.AGENT_TRANSITION, OperationKind.SYSTEM);

    private static final String ATTEMPT = "retry_attempt";
    private static final String DELAY = "retry_delay_ms";
    private static final int MOST_REASONS = 100;
    private static final String OTHER = "other";

    private final RetryConfig config;
    private final RandomGenerator random;
    private final Handle open;
    private final Figures figures;

    /** What the hook counts, also across changes of its settings. */
    private static final class Figures {
        private final ConcurrentMap<String, LongAdder> reasons = new ConcurrentHashMap<>();
        private final LongAdder attempts = new LongAdder();
        private final LongAdder successes = new LongAdder();
        private final LongAdder exhausted = new LongAdder();

        private LongAdder reason(String kind) {
            String kept = reasons.containsKey(kind) || reasons.size() < MOST_REASONS ? kind : OTHER;
            return reasons.computeIfAbsent(kept, ignored -> new LongAdder());
        }
    }

    RetryHook(RetryConfig config, BuiltinServices services, OutputTap tap, @Nullable RetryHook before) {
        this.config = config;
        this.random = services.random();
        this.figures = before == null ? new Figures() : before.figures;
        this.open = tap.open(config.points().isEmpty() ? RetryConfig.POINTS : config.points(), this::seen);
    }

    @Override
    public HookResult execute(HookContext context) {
        LlmSpellException error = context.operation().error();
        if (error == null || ONE_RUN.contains(context.operation().kind())) {
            return HookResult.proceed();
        }
        LlmSpellException root = ErrorKinds.root(error);
        String kind = ErrorKinds.of(root);
        boolean passing = config.accepts(kind) && !ErrorKinds.decided(root) && !ErrorKinds.breakerOpen(root);
        if (!passing) {
            return HookResult.proceed();
        }
        Duration wait = wait(context, root);
        if (context.attempt() >= config.maxAttempts()
                || context.operation().elapsed().plus(wait).compareTo(config.maxRetryDuration()) > 0) {
            figures.exhausted.increment();
            return HookResult.proceed();
        }
        return again(context, kind, wait);
    }

    private Duration wait(HookContext context, LlmSpellException root) {
        Backoff backoff = config.backoff();
        Duration wait = config.jitter()
                .apply(backoff.delay(context.attempt()), last(context, backoff), backoff, random::nextDouble);
        Duration asked = ErrorKinds.retryAfter(root);
        return asked == null || asked.compareTo(wait) < 0 ? wait : asked;
    }

    /** The wait before this attempt, the base before the first wait. */
    private static Duration last(HookContext context, Backoff backoff) {
        String millis = context.metadata().get(DELAY);
        if (millis == null || !millis.matches("\\d{1,15}")) {
            return backoff.base();
        }
        Duration last = Duration.ofMillis(Long.parseLong(millis));
        return last.compareTo(backoff.base()) < 0 ? backoff.base() : last;
    }

    private HookResult again(HookContext context, String kind, Duration wait) {
        figures.attempts.increment();
        figures.reason(kind).increment();
        context.onEnd(ended -> {
            if (!ended.runsAgain()) { // the gate refused, because the operation or the runtime repeats too much
                figures.exhausted.increment();
            }
        });
        Marks.put(context, ATTEMPT, String.valueOf(context.attempt() + 1));
        Marks.put(context, DELAY, String.valueOf(wait.toMillis()));
        Marks.put(context, "retry_reason", kind);
        return HookResult.retry(wait, config.maxAttempts());
    }

    /** An attempt has an output: if it is one of ours and ends well, the retry was a success. */
    private void seen(HookContext context) {
        if (context.attempt() > 1
                && !context.operation().replaced()
                && context.metadata().containsKey(ATTEMPT)) {
            context.onEnd(ended -> {
                if (ended.error() == null && !ended.runsAgain()) {
                    figures.successes.increment();
                }
            });
        }
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("attempts", figures.attempts.sum());
        shown.put("successes", figures.successes.sum());
        shown.put("exhausted", figures.exhausted.sum());
        Map<String, @Nullable Object> counted = new LinkedHashMap<>();
        figures.reasons.forEach((kind, count) -> counted.put(kind, count.sum()));
        shown.put("retry_reasons", counted);
        return shown;
    }

    @Override
    public void close() {
        open.close();
    }
}
