package io.llmspell.hooks.builtin;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.OperationView;
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
 * <p>It never argues with a decision: what a hook, a guard, a caller or an open breaker refused is not tried again.
 * {@code courses} holds one entry for each operation that runs again, until it ends; {@code reasons} is bounded, because
 * kinds of errors may come from anywhere. <b>Threads:</b> safe.
 */
final class RetryHook implements RunningBuiltin {
    /** A change of state can only be refused; it has no result that another run could give. */
    private static final Set<OperationKind> ONE_RUN =
            EnumSet.of(OperationKind.AGENT_INIT, OperationKind.AGENT_TRANSITION, OperationKind.CUSTOM);

    private static final int MOST_REASONS = 100;
    private static final String OTHER = "other";

    private final RetryConfig config;
    private final RandomGenerator random;
    private final ConcurrentMap<String, Course> courses = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> reasons = new ConcurrentHashMap<>();
    private final LongAdder attempts = new LongAdder();
    private final LongAdder successes = new LongAdder();
    private final LongAdder exhausted = new LongAdder();

    RetryHook(RetryConfig config, BuiltinServices services) {
        this.config = config;
        this.random = services.random();
    }

    /** An operation that runs again; written and read by the thread that drives it. */
    private static final class Course {
        private Duration lastWait;

        private Course(Duration lastWait) {
            this.lastWait = lastWait;
        }
    }

    @Override
    public HookResult execute(HookContext context) {
        LlmSpellException error = context.operation().error();
        if (error == null || ONE_RUN.contains(context.operation().kind())) {
            return HookResult.proceed();
        }
        LlmSpellException root = ErrorKinds.root(error);
        if (ErrorKinds.decided(error) || ErrorKinds.decided(root) || ErrorKinds.breakerOpen(root)) {
            return HookResult.proceed();
        }
        String kind = ErrorKinds.of(root);
        if (!config.accepts(kind)) {
            return HookResult.proceed();
        }
        Course course = courses.get(context.operation().id());
        Duration wait = wait(context.attempt(), course, root);
        if (context.attempt() >= config.maxAttempts()
                || context.operation().elapsed().plus(wait).compareTo(config.maxRetryDuration()) > 0) {
            if (course == null) { // else its end counts it
                exhausted.increment();
            }
            return HookResult.proceed();
        }
        return again(context, course, kind, wait);
    }

    private Duration wait(int attempt, @Nullable Course course, LlmSpellException root) {
        Backoff backoff = config.backoff();
        Duration last = course == null ? backoff.base() : course.lastWait;
        Duration wait = config.jitter().apply(backoff.delay(attempt), last, backoff, random::nextDouble);
        Duration asked = ErrorKinds.retryAfter(root);
        return asked == null || asked.compareTo(wait) < 0 ? wait : asked;
    }

    private HookResult again(HookContext context, @Nullable Course course, String kind, Duration wait) {
        attempts.increment();
        reason(kind).increment();
        if (course == null) {
            begin(context, wait);
        } else {
            course.lastWait = wait;
        }
        Marks.put(context, "retry_attempt", String.valueOf(context.attempt() + 1));
        Marks.put(context, "retry_delay_ms", String.valueOf(wait.toMillis()));
        Marks.put(context, "retry_reason", kind);
        return HookResult.retry(wait, config.maxAttempts());
    }

    private void begin(HookContext context, Duration wait) {
        String id = context.operation().id();
        courses.put(id, new Course(wait));
        context.onEnd(ended -> {
            courses.remove(id);
            ended(ended);
        });
    }

    private void ended(OperationView operation) {
        if (operation.error() != null) {
            exhausted.increment();
        } else if (!operation.replaced()) { // an answer in its place is no success of the operation
            successes.increment();
        }
    }

    private LongAdder reason(String kind) {
        String kept = reasons.containsKey(kind) || reasons.size() < MOST_REASONS ? kind : OTHER;
        return reasons.computeIfAbsent(kept, ignored -> new LongAdder());
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("attempts", attempts.sum());
        figures.put("successes", successes.sum());
        figures.put("exhausted", exhausted.sum());
        Map<String, @Nullable Object> counted = new LinkedHashMap<>();
        reasons.forEach((kind, count) -> counted.put(kind, count.sum()));
        figures.put("retry_reasons", counted);
        return figures;
    }
}
