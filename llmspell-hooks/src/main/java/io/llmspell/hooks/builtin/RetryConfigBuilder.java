package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Builds {@link RetryConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class RetryConfigBuilder {
    private List<HookPoint> points = List.of();
    private int maxAttempts = 3;
    private Backoff backoff = Backoff.DEFAULT;
    private Jitter jitter = Jitter.NONE;
    private Set<String> retryable = Set.copyOf(RetryConfig.RETRYABLE);
    private Set<String> nonRetryable = Set.of();
    private boolean retryOnTimeout = true;
    private boolean retryOnRateLimit = true;
    private Duration maxRetryDuration = Duration.ofMinutes(5);

    RetryConfigBuilder() {}

    /**
     * Sets where the hook runs.
     *
     * @param where error points; default: {@code ToolError}, {@code AgentError}, {@code WorkflowError}
     * @return this builder
     */
    public RetryConfigBuilder points(List<HookPoint> where) {
        this.points = where;
        return this;
    }

    /**
     * Sets how often an operation runs in all.
     *
     * @param runs 1 to 100; default 3
     * @return this builder
     */
    public RetryConfigBuilder maxAttempts(int runs) {
        this.maxAttempts = runs;
        return this;
    }

    /**
     * Sets how long to wait before each further run.
     *
     * @param waits default {@link Backoff#DEFAULT}
     * @return this builder
     */
    public RetryConfigBuilder backoff(Backoff waits) {
        this.backoff = waits;
        return this;
    }

    /**
     * Sets what chance does to the waits.
     *
     * @param how default {@link Jitter#NONE}
     * @return this builder
     */
    public RetryConfigBuilder jitter(Jitter how) {
        this.jitter = how;
        return this;
    }

    /**
     * Sets after which kinds of errors an operation runs again.
     *
     * @param kinds default {@code connection_error}, {@code timeout}, {@code service_unavailable},
     *     {@code internal_server_error}
     * @return this builder
     */
    public RetryConfigBuilder retryable(Set<String> kinds) {
        this.retryable = kinds;
        return this;
    }

    /**
     * Sets after which kinds of errors it never runs again.
     *
     * @param kinds default none
     * @return this builder
     */
    public RetryConfigBuilder nonRetryable(Set<String> kinds) {
        this.nonRetryable = kinds;
        return this;
    }

    /**
     * Sets whether an operation runs again that took too long.
     *
     * @param on default true
     * @return this builder
     */
    public RetryConfigBuilder retryOnTimeout(boolean on) {
        this.retryOnTimeout = on;
        return this;
    }

    /**
     * Sets whether an operation runs again that was told to slow down.
     *
     * @param on default true
     * @return this builder
     */
    public RetryConfigBuilder retryOnRateLimit(boolean on) {
        this.retryOnRateLimit = on;
        return this;
    }

    /**
     * Sets the longest time from the first run to the start of the last.
     *
     * @param time 0 or more; default 300 s
     * @return this builder
     */
    public RetryConfigBuilder maxRetryDuration(Duration time) {
        this.maxRetryDuration = time;
        return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a member is out of range
     */
    public RetryConfig build() {
        return new RetryConfig(
                points,
                maxAttempts,
                backoff,
                jitter,
                retryable,
                nonRetryable,
                retryOnTimeout,
                retryOnRateLimit,
                maxRetryDuration);
    }
}
