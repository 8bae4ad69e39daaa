package io.llmspell.hooks.builtin;

import io.llmspell.core.time.TimeSource;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adds up costs by windows and keeps budgets: what running calls may cost at most is reserved before they begin.
 *
 * <p>The invariant: in each window, what was spent and what is reserved never exceed the limit together, as long as no
 * call costs more than was reserved for it. A call belongs to the window in which it began. All state is guarded by the
 * lock of this object; no foreign code runs under it. <b>Threads:</b> safe.
 */
final class CostLedger {
    private final TimeSource time;
    private final Duration length;
    private final Duration history;
    private final long origin;
    private final Deque<CostWindow> past = new ArrayDeque<>();
    private CostWindow present;

    CostLedger(TimeSource time, Duration length, Duration history) {
        this.time = time;
        this.length = length;
        this.history = history;
        this.origin = time.nanos();
        this.present = new CostWindow(0, time.now());
    }

    boolean fits(CostTrackingConfig config) {
        return length.equals(config.aggregationWindow()) && history.equals(config.history());
    }

    /** What the question for room in a window gave. */
    sealed interface Answer {}

    /** A place in a window for one call; {@code amount} is null once it is settled. Guarded by the ledger's lock. */
    static final class Reservation implements Answer {
        private final CostWindow window;
        private @Nullable BigDecimal amount;

        private Reservation(CostWindow window, BigDecimal amount) {
            this.window = window;
            this.amount = amount;
        }
    }

    /** Who called what; a null name is not added up. */
    record Account(
            String provider,
            String model,
            @Nullable String component,
            @Nullable String user) {}

    /** What a settlement did. */
    record Settled(Cost cost, BigDecimal total, List<CostTrackingConfig.Alert> alerts) {}

    /** There is no room; {@code alert} is to be raised, null if it was raised in this window already. */
    record Refused(BigDecimal spent, BigDecimal reserved, CostTrackingConfig.@Nullable Alert alert) implements Answer {}

    /**
     * Reserves an amount in the present window.
     *
     * @param limit the smallest blocking alert, null without
     * @return the reservation, or a refusal
     */
    synchronized Answer reserve(BigDecimal amount, CostTrackingConfig.@Nullable Alert limit) {
        CostWindow window = window();
        BigDecimal most = window.spent.add(window.reserved).add(amount);
        if (limit != null && most.compareTo(limit.threshold()) > 0) {
            return new Refused(window.spent, window.reserved, window.raise(limit) ? limit : null);
        }
        window.reserved = window.reserved.add(amount);
        return new Reservation(window, amount);
    }

    /** Gives a reservation back; nothing if it is settled. */
    synchronized boolean release(Reservation reservation) {
        BigDecimal amount = reservation.amount;
        if (amount == null) {
            return false;
        }
        reservation.amount = null;
        reservation.window.reserved = reservation.window.reserved.subtract(amount);
        return true;
    }

    /**
     * Books what a call has cost, in the window of its reservation, once.
     *
     * @param reservation what was reserved, or null to book in the present window
     * @param price gives the cost from the tokens that the model used in the window before; own, pure code
     * @param alerts in rising order
     * @return what was booked, null if the reservation is settled already
     */
    synchronized @Nullable Settled settle(
            @Nullable Reservation reservation,
            ModelUse use,
            Account account,
            Function<BigInteger, Cost> price,
            List<CostTrackingConfig.Alert> alerts) {
        if (reservation != null && !release(reservation)) {
            return null;
        }
        CostWindow window = reservation == null ? window() : reservation.window;
        CostWindow.Sum model = CostWindow.in(window.byModel, account.model());
        Cost cost = price.apply(model.tokens());
        window.spent = window.spent.add(cost.total());
        window.sum.add(use, cost.total());
        model.add(use, cost.total());
        CostWindow.in(window.byProvider, account.provider()).add(use, cost.total());
        if (account.component() != null) {
            CostWindow.in(window.byComponent, account.component()).add(use, cost.total());
        }
        if (account.user() != null) {
            CostWindow.in(window.byUser, account.user()).add(use, cost.total());
        }
        return new Settled(cost, window.spent, crossed(window, alerts));
    }

    private static List<CostTrackingConfig.Alert> crossed(CostWindow window, List<CostTrackingConfig.Alert> alerts) {
        List<CostTrackingConfig.Alert> crossed = new ArrayList<>(0);
        for (CostTrackingConfig.Alert alert : alerts) {
            if (window.spent.compareTo(alert.threshold()) >= 0 && window.raise(alert)) {
                crossed.add(alert);
            }
        }
        return crossed;
    }

    /** The present window; closes the one before and forgets what is too old. */
    private CostWindow window() {
        long index = (time.nanos() - origin) / length.toNanos();
        if (index != present.index) {
            if (present.sum.calls > 0) {
                past.addLast(present);
            }
            // The start is derived from the ticks, so that a step of the wall clock does not move the window.
            Duration into = Duration.ofNanos((time.nanos() - origin) % length.toNanos());
            Instant began = time.now().minus(into);
            present = new CostWindow(index, began);
        }
        long oldest = index - Math.floorDiv(history.toNanos(), length.toNanos());
        while (!past.isEmpty() && past.getFirst().index < oldest) {
            past.removeFirst();
        }
        return present;
    }

    /** Shows the windows to a reader of this package, under the lock: the kept ones, oldest first, and the present one. */
    synchronized <T> T read(Reader<T> reader) {
        CostWindow now = window();
        return reader.read(List.copyOf(past), now);
    }

    /** Reads windows; own, pure code. */
    interface Reader<T> {
        T read(List<CostWindow> past, CostWindow present);
    }
}
