package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code retry}, which runs operations again that failed for reasons that may pass.
 *
 * <p>Kinds of errors are {@code connection_error}, {@code timeout}, {@code service_unavailable},
 * {@code internal_server_error} and {@code rate_limited}; any other error is of the kind of its {@code details.kind} or,
 * without one, its code. <b>Threads:</b> immutable.
 *
 * @param points where it runs, error points; empty for {@code ToolError}, {@code AgentError} and {@code WorkflowError}
 * @param maxAttempts runs in all, 1 to 100
 * @param backoff how long to wait before each further run
 * @param jitter what chance does to these waits
 * @param retryable the kinds of errors after which an operation runs again
 * @param nonRetryable the kinds after which it never does, whatever {@code retryable} says
 * @param retryOnTimeout whether {@code timeout} is among the retryable kinds
 * @param retryOnRateLimit whether {@code rate_limited} is; the wait is then at least what the error asks for
 * @param maxRetryDuration the longest time from the first run to the start of the last
 */
public record RetryConfig(
        List<HookPoint> points,
        int maxAttempts,
        Backoff backoff,
        Jitter jitter,
        Set<String> retryable,
        Set<String> nonRetryable,
        boolean retryOnTimeout,
        boolean retryOnRateLimit,
        Duration maxRetryDuration)
        implements BuiltinConfig {
    static final String NAME = "retry";
    static final List<HookPoint> POINTS =
            List.of(HookPoint.TOOL_ERROR, HookPoint.AGENT_ERROR, HookPoint.WORKFLOW_ERROR);
    static final List<String> RETRYABLE =
            List.of(ErrorKinds.CONNECTION, ErrorKinds.TIMEOUT, ErrorKinds.UNAVAILABLE, ErrorKinds.SERVER);
    static final int MOST_ATTEMPTS = 100;

    /**
     * Copies and checks the members.
     *
     * @param points where it runs
     * @param maxAttempts runs in all
     * @param backoff how long to wait
     * @param jitter what chance does to the waits
     * @param retryable kinds of errors
     * @param nonRetryable kinds of errors
     * @param retryOnTimeout whether {@code timeout} is retryable
     * @param retryOnRateLimit whether {@code rate_limited} is retryable
     * @param maxRetryDuration the longest time
     * @throws ArgumentException {@code invalid_argument} if one is out of range or a point is no error point
     */
    public RetryConfig {
        points = List.copyOf(points);
        retryable = Set.copyOf(retryable);
        nonRetryable = Set.copyOf(nonRetryable);
        if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
            throw new ArgumentException("max attempts", String.valueOf(maxAttempts), "1 to " + MOST_ATTEMPTS);
        }
        if (maxRetryDuration.isNegative()) {
            throw new ArgumentException("max retry duration", maxRetryDuration.toString(), "0 or more");
        }
        for (HookPoint point : points) {
            if (point.info().phase() != HookPhase.ERROR) {
                throw new ArgumentException(
                        "point of retry",
                        point.name(),
                        "an error point, such as ToolError, AgentError or WorkflowError");
            }
        }
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static RetryConfigBuilder builder() {
        return new RetryConfigBuilder();
    }

    /** Whether an error of this kind may be tried again. */
    boolean accepts(String kind) {
        if (nonRetryable.contains(kind)) {
            return false;
        }
        return switch (kind) {
            case ErrorKinds.TIMEOUT -> retryOnTimeout && retryable.contains(kind);
            case ErrorKinds.RATE_LIMITED -> retryOnRateLimit;
            default -> retryable.contains(kind);
        };
    }

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("max_attempts", maxAttempts);
        Map<String, @Nullable Object> waits = new LinkedHashMap<>();
        waits.put("type", Options.id(backoff.strategy()));
        waits.put("base", Options.text(backoff.base()));
        waits.put("factor", backoff.factor());
        waits.put("max", Options.text(backoff.max()));
        values.put("backoff", waits);
        values.put("jitter", Options.id(jitter));
        values.put("retryable", List.copyOf(new TreeSet<>(retryable)));
        values.put("non_retryable", List.copyOf(new TreeSet<>(nonRetryable)));
        values.put("retry_on_timeout", retryOnTimeout);
        values.put("retry_on_rate_limit", retryOnRateLimit);
        values.put("max_retry_duration", Options.text(maxRetryDuration));
        return values;
    }
}
