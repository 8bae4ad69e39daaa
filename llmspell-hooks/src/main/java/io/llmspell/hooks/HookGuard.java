package io.llmspell.hooks;

import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What stands between an operation and one hook: its deadline, its breaker and its meter.
 *
 * <p>A hook here is a registration at a point, or a child of a composite. Each call begins with {@link #start} and gives
 * the ticket back in exactly one of {@link #gave}, {@link #failed} and {@link #notStarted}. <b>Threads:</b> safe.
 */
final class HookGuard {
    /** The ticket of a hook that may not start. */
    static final int REFUSED = Breaker.REFUSED;

    /** The ticket of a hook without a breaker. */
    private static final int UNGUARDED = Integer.MIN_VALUE;

    private final String name;
    private final HookPoint point;
    private final FailurePolicy policy;
    private final long deadlineNanos;
    private final boolean isolated;
    private final @Nullable Breaker breaker;
    private final @Nullable HookMeter meter;

    private HookGuard(String name, HookPoint point, Terms terms, @Nullable Breaker breaker, @Nullable HookMeter meter) {
        this.name = name;
        this.point = point;
        this.policy = terms.policy;
        this.deadlineNanos = terms.deadlineNanos;
        this.isolated = terms.isolated;
        this.breaker = breaker;
        this.meter = meter;
    }

    /** What holds for one hook at one point. */
    private record Terms(
            FailurePolicy policy,
            long deadlineNanos,
            boolean isolated,
            @Nullable BreakerSettings breaker) {
        static Terms of(HookSettings settings, HookPoint point, HookOptions options) {
            HookSettings.OfHook own = settings.hooks().get(options.name());
            HookSettings.AtPoint here = settings.points().get(point);
            BreakerSettings breaker =
                    first(own == null ? null : own.breaker(), here == null ? null : here.breaker(), settings.breaker());
            boolean breaks = settings.enableCircuitBreaker() && (own == null || own.useCircuitBreaker());
            Boolean apart = own == null ? null : own.isolated();
            FailurePolicy policy = own == null ? null : own.failurePolicy();
            return new Terms(
                    policy == null ? options.failurePolicy() : policy,
                    settings.deadline(point, options).toNanos(),
                    apart == null ? options.isolated() : apart,
                    breaks ? breaker : null);
        }

        private static BreakerSettings first(
                @Nullable BreakerSettings own, @Nullable BreakerSettings next, BreakerSettings otherwise) {
            BreakerSettings chosen = own == null ? next : own;
            return chosen == null ? otherwise : chosen;
        }
    }

    /**
     * Makes the guard of a hook, from the settings for its name, its point and all hooks, and what it was registered
     * with.
     *
     * @param settings the settings
     * @param point where it runs
     * @param options what it was registered with
     * @param listener hears of changes of its breaker
     * @param now the present nanoseconds
     * @return the guard
     */
    static HookGuard of(
            HookSettings settings, HookPoint point, HookOptions options, Breaker.Listener listener, long now) {
        Terms terms = Terms.of(settings, point, options);
        boolean slowCounts = terms.policy != FailurePolicy.FAIL_CLOSED;
        Breaker breaker = terms.breaker == null ? null : new Breaker(terms.breaker, slowCounts, listener);
        HookMeter meter = settings.enablePerformanceMonitoring()
                ? new HookMeter(settings.retentionPeriod(), settings.calculatePercentiles(), now)
                : null;
        return new HookGuard(options.name(), point, terms, breaker, meter);
    }

    String name() {
        return name;
    }

    HookPoint point() {
        return point;
    }

    /** How chains of hooks show it. */
    String shown() {
        return "\"" + name + "\" at " + point;
    }

    FailurePolicy policy() {
        return policy;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean isolated() {
        return isolated;
    }

    @Nullable Breaker breaker() {
        return breaker;
    }

    /**
     * Asks whether the hook may start; if not, that is counted.
     *
     * @param now the present nanoseconds
     * @return a ticket, {@link #REFUSED} if its breaker is open
     */
    int start(long now) {
        Breaker own = breaker;
        if (own == null) {
            return UNGUARDED;
        }
        int ticket = own.tryAcquire(now);
        if (ticket == REFUSED && meter != null) {
            meter.notStarted(now);
        }
        return ticket;
    }

    /**
     * Says that the hook gave a result that acts.
     *
     * @param ticket what {@link #start} gave
     * @param tookNanos how long it took, without pauses of the machine
     * @param kind the kind of the result
     * @param now the present nanoseconds
     */
    void gave(int ticket, long tookNanos, HookResultKind kind, long now) {
        gave(ticket, tookNanos, kind, now, Lane.stripe(Thread.currentThread()));
    }

    /**
     * Says that the hook gave a result that acts.
     *
     * @param ticket what {@link #start} gave
     * @param tookNanos how long it took, without pauses of the machine
     * @param kind the kind of the result
     * @param now the present nanoseconds
     * @param stripe {@link Lane#stripe} of this thread
     */
    void gave(int ticket, long tookNanos, HookResultKind kind, long now, int stripe) {
        if (meter != null) {
            meter.gave(tookNanos, kind == HookResultKind.SKIPPED, now, stripe);
        }
        if (breaker != null) {
            breaker.ended(ticket, now, tookNanos, false);
        }
    }

    /**
     * Says that the hook failed: exception, error, overrun, or a result that could not act.
     *
     * @param ticket what {@link #start} gave
     * @param tookNanos how long it took, without pauses of the machine
     * @param error what is wrong
     * @param now the present nanoseconds
     */
    void failed(int ticket, long tookNanos, String error, long now) {
        if (meter != null) {
            meter.failed(tookNanos, error, now);
        }
        if (breaker != null) {
            breaker.ended(ticket, now, tookNanos, true);
        }
    }

    /**
     * Says that the hook could not start although its breaker let it: no thread, no script. No failure.
     *
     * @param ticket what {@link #start} gave
     * @param now the present nanoseconds
     */
    void notStarted(int ticket, long now) {
        if (meter != null) {
            meter.notStarted(now);
        }
        if (breaker != null) {
            breaker.releaseUnused(ticket);
        }
    }

    /** Says that the hook has overrun, was interrupted in vain and still runs; the watchdog calls it. */
    void overran(long now) {
        if (breaker != null) {
            breaker.overrun(now);
        }
    }

    /** Says that a run for which {@link #overran} was called has ended. */
    void ranOut() {
        if (breaker != null) {
            breaker.ranOut();
        }
    }

    /** Adds to the share of the hook in the time of operations. */
    void shared(long hookNanos, long operationNanos, long now) {
        if (meter != null) {
            meter.shared(hookNanos, operationNanos, now);
        }
    }

    /** The state of the breaker; closed without one. */
    BreakerState state(long now) {
        return breaker == null ? BreakerState.CLOSED : breaker.state(now);
    }

    /**
     * The figures of the hook.
     *
     * @param now the present nanoseconds
     * @return the figures; zeros if nothing is measured
     */
    HookMetrics metrics(long now) {
        return meter == null ? unmeasured(state(now)) : meter.snapshot(now, state(now));
    }

    /**
     * The figures of several hooks together.
     *
     * @param guards their guards
     * @param now the present nanoseconds
     * @return the figures, with the worst state of their breakers
     */
    static HookMetrics metrics(List<HookGuard> guards, long now) {
        BreakerState worst = guards.stream()
                .map(guard -> guard.state(now))
                .max(Comparator.comparingInt(HookGuard::badness))
                .orElse(BreakerState.CLOSED);
        List<HookMeter> meters = guards.stream()
                .map(guard -> guard.meter)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        return meters.isEmpty() ? unmeasured(worst) : HookMeter.sum(meters, now, worst);
    }

    private static int badness(BreakerState state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    private static HookMetrics unmeasured(BreakerState state) {
        return new HookMetrics(
                0,
                0,
                0,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                null,
                state,
                0);
    }
}
