package io.llmspell.events.journal;

import io.llmspell.core.event.DurableOptions;
import io.llmspell.core.event.DurableStats;
import io.llmspell.core.event.DurableSubscription;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable subscription.
 *
 * <p>It reads some entries, keeps their last position as claimed, hands the events out, and keeps what is handled with
 * the next claim or when it comes to rest: so an event is handled again after a crash rather than never, and what may
 * come again is known. <b>Threads:</b> safe; the pump runs one round at a time, and the place belongs to it.
 */
final class Follower implements DurableSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final int MOST_AT_ONCE = 64;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final StoredJournal journal;
    private final EventPattern pattern;
    private final DurableOptions options;
    private final EventHandler handler;
    private final Pump pump;
    private final long claimedBefore;
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private Places.Place kept;

    /** Guarded by {@code lock}, as the counters below. */
    private boolean closed;

    private long position;
    private long delivered;
    private long redelivered;
    private long failed;
    private long missed;

    /** The thread that runs the handler; only compared with the reader's own. */
    private volatile @Nullable Thread runner;

    Follower(
            StoredJournal journal,
            EventPattern pattern,
            DurableOptions options,
            EventHandler handler,
            Places.Place place) {
        this.journal = journal;
        this.pattern = pattern;
        this.options = options;
        this.handler = handler;
        this.kept = place;
        this.claimedBefore = place.claimed();
        this.position = place.handled();
        this.pump = new Pump(this::work, journal.executor());
    }

    void wake() {
        if (!pump.wake() && isClosed()) {
            ended();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            boolean more = true;
            while (more && !isClosed()) {
                more = round();
            }
            keep(new Places.Place(position, position));
        } catch (RuntimeException failure) {
            LOG.warn("{} could not go on: {}", this, LogText.masked(failure.getMessage()));
            if (!isClosed()) {
                journal.time().schedule(AFTER_FAILURE, this::wake);
            }
        }
        if (isClosed()) {
            ended();
        }
    }

    /** Hands some events out; false if there are none now. */
    private boolean round() {
        List<Entry> entries = read();
        if (entries.isEmpty()) {
            trimmedAway();
            return false;
        }
        boolean claimed = false;
        long last = entries.get(entries.size() - 1).key().longAt(0);
        for (Entry entry : entries) {
            JournaledEvent next = journal.reader().event(entry);
            if (next.event().sequence() == 0 && entry.stored().revision() > journal.visible()) {
                return false; // committed, but its number is still on its way; it will wake us
            }
            gapBefore(next.position());
            if (pattern.matches(next.event().type())) {
                if (!claimed) {
                    keep(new Places.Place(position, last));
                    claimed = true;
                }
                if (!handle(next)) {
                    return false;
                }
            }
            moveTo(next.position());
        }
        return true;
    }

    private List<Entry> read() {
        List<Entry> entries = new ArrayList<>();
        try (Cursor cursor = journal.behind(position)) {
            while (entries.size() < MOST_AT_ONCE && cursor.next()) {
                entries.add(cursor.entry());
            }
        }
        return entries;
    }

    private void trimmedAway() {
        long trimmed = journal.trimmed();
        if (trimmed > position) {
            gapBefore(trimmed + 1);
            moveTo(trimmed);
        }
    }

    private void gapBefore(long next) {
        long gap = next - position - 1;
        if (gap == 0) {
            return;
        }
        lock.lock();
        try {
            missed += gap;
            position = next - 1;
        } finally {
            lock.unlock();
        }
        LOG.warn("{}: retention removed {} events that it had not seen, up to position {}", this, gap, next - 1);
        try {
            options.onGap().accept(gap);
        } catch (Throwable failure) {
            LOG.warn("the gap listener of {} failed: {}", this, LogText.masked(failure.toString()));
        }
    }

    private void moveTo(long next) {
        lock.lock();
        try {
            position = next;
        } finally {
            lock.unlock();
        }
    }

    /** Hands one event out; false if the subscription is closed. */
    private boolean handle(JournaledEvent next) {
        boolean again = next.position() <= claimedBefore;
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            delivered++;
            redelivered += again ? 1 : 0;
            runner = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            handler.handle(next.event(), again);
        } catch (Throwable failure) {
            failed(next, failure);
        } finally {
            runner = null;
            Thread.interrupted(); // an interrupt that this handler left must not hit the next one
        }
        return true;
    }

    private void failed(JournaledEvent event, Throwable failure) {
        boolean mended = journal.failed(this, event.event(), failure, () -> {
            if (isClosed()) {
                return false;
            }
            handler.handle(event.event(), true);
            return true;
        });
        if (!mended) {
            lock.lock();
            try {
                failed++;
            } finally {
                lock.unlock();
            }
        }
    }

    private void keep(Places.Place place) {
        if (!place.equals(kept)) {
            journal.keepPlace(this, place);
            kept = place;
        }
    }

    boolean servedByThisThread() {
        return runner == Thread.currentThread();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        wake();
    }

    private void ended() {
        journal.ended(this);
        idle.complete(null);
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public String pattern() {
        return pattern.text();
    }

    @Override
    public DurableStats stats() {
        lock.lock();
        try {
            return new DurableStats(position, delivered, redelivered, failed, missed);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletionStage<Void> idle() {
        return idle.minimalCompletionStage();
    }

    @Override
    public String toString() {
        return "durable subscription \"" + options.name() + "\" (pattern \"" + pattern.text() + "\")";
    }
}
