package io.llmspell.state.session;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.state.Scope;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Ends sessions that nobody has used for a time.
 *
 * <p>A use sets the moment at which a session is due anew. In the store it is noted at most four times within the idle time,
 * so after a restart a session is due up to a quarter later, never earlier. Writes to its state that did not come this way
 * are seen at the next look, of which there is one each quarter. Sessions of runs are left out: they end with their run.
 * <b>Threads:</b> safe; a {@link Use} is guarded by itself, {@code next} and {@code closed} by {@code this}.
 */
final class SessionUses implements Handle {
    private static final Logger LOG = LoggerFactory.getLogger(SessionUses.class);
    private static final int QUARTERS = 4;

    /** Of more sessions than this process can begin only the notes in the store are kept. */
    private static final int MOST = 20_000;

    private final SessionHouse house;
    private final SessionOperations operations;
    private final TimeSource time;
    private final long idle;
    private final long quarter;
    private final Map<String, Use> uses = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Supplier<Caller> callers;
    private final Consumer<String> ended;
    private Handle next = Handle.noop();
    private boolean closed;

    /** When a session is due, and what was seen of it. */
    private static final class Use {
        private long due;
        private long noted;
        private int running;
        private @Nullable Long state;

        private Use(long due, long noted) {
            this.due = due;
            this.noted = noted;
        }
    }

    /**
     * Watches nothing yet.
     *
     * @param idle how long a session may go unused; zero: for ever
     * @param callers on whose behalf sessions end
     * @param ended told of each session that has ended
     */
    SessionUses(
            SessionHouse house,
            SessionOperations operations,
            Duration idle,
            Supplier<Caller> callers,
            Consumer<String> ended) {
        this.house = house;
        this.operations = operations;
        this.time = house.time();
        this.idle = idle.toNanos();
        this.quarter = Math.max(1, this.idle / QUARTERS);
        this.callers = callers;
        this.ended = ended;
    }

    boolean on() {
        return idle > 0;
    }

    /** Takes over the sessions that went on when the process began, ends those that are due, and begins to look. */
    void begin(List<SessionRow> open) {
        if (!on()) {
            return;
        }
        long now = time.nanos();
        for (SessionRow row : open) {
            if (row.active() && row.boundTo() == null) {
                long unused =
                        Duration.between(house.store().usedAt(row), house.now()).toNanos();
                long left = idle + quarter - Math.max(0, unused);
                Use use = new Use(now + left, now - quarter);
                use.state = house.scopes().fingerprint(Scope.session(row.id()));
                uses.putIfAbsent(row.id(), use);
            }
        }
        endDue(now);
        again();
    }

    /** A session is used now. */
    void used(SessionStore.Found session) {
        if (on() && session.row().boundTo() == null && session.row().active()) {
            use(session);
        }
    }

    private @Nullable Use use(SessionStore.Found session) {
        long now = time.nanos();
        String id = session.row().id();
        Use use = uses.size() < MOST
                ? uses.computeIfAbsent(id, fresh -> new Use(now + idle, now - quarter))
                : uses.get(id);
        boolean note = use == null;
        if (use != null) {
            synchronized (use) {
                use.due = now + idle;
                note = now - use.noted >= quarter;
                use.noted = note ? now : use.noted;
            }
        }
        if (note) {
            house.store().noteUse(session, house.now());
        }
        return use;
    }

    /** A session is used until the handle is closed. */
    Handle using(SessionStore.Found session) {
        Use use = !on() || session.row().boundTo() != null ? null : use(session);
        if (use == null) {
            return Handle.noop();
        }
        synchronized (use) {
            use.running++;
        }
        return () -> {
            synchronized (use) {
                use.running--;
                use.due = time.nanos() + idle;
            }
        };
    }

    void forget(String id) {
        uses.remove(id);
    }

    private void again() {
        Handle timer = time.schedule(Duration.ofNanos(quarter), this::due);
        boolean late;
        synchronized (this) {
            late = closed;
            next = late ? Handle.noop() : timer;
        }
        if (late) {
            timer.close();
        }
    }

    /** A timer must not block. A look that takes longer than a quarter is not begun twice. */
    private void due() {
        if (looking.compareAndSet(false, true)) {
            Mono.fromRunnable(this::look)
                    .subscribeOn(Schedulers.boundedElastic())
                    .doFinally(end -> looking.set(false))
                    .subscribe(
                            done -> {},
                            failed -> LOG.warn("idle sessions were not looked for", LogText.maskedError(failed)));
        }
        again();
    }

    private void look() {
        long now = time.nanos();
        for (Map.Entry<String, Use> each : uses.entrySet()) {
            if (!isClosed()) {
                try {
                    lookAtState(each.getKey(), each.getValue());
                } catch (LlmSpellException failed) {
                    LOG.debug("the state of session {} was not looked at", each.getKey(), LogText.maskedError(failed));
                }
            }
        }
        endDue(now);
    }

    /** Who writes to the state of a session past the session uses it too. */
    private void lookAtState(String id, Use use) {
        long present = house.scopes().fingerprint(Scope.session(id));
        boolean changed;
        synchronized (use) {
            changed = use.state == null ? present != 0 : use.state != present;
            use.state = present;
        }
        if (changed) {
            try {
                used(house.store().active(id, "its use"));
            } catch (LlmSpellException gone) {
                forget(id);
            }
        }
    }

    private void endDue(long now) {
        uses.forEach((id, use) -> {
            boolean due;
            synchronized (use) {
                due = use.running == 0 && now - use.due >= 0;
                use.due = due ? now + idle : use.due; // what keeps it open now keeps it open for that long
            }
            if (due && !isClosed()) {
                end(id);
            }
        });
    }

    private void end(String id) {
        try {
            operations.endIdle(id, callers.get());
            forget(id);
            ended.accept(id);
        } catch (LlmSpellException refused) {
            if (gone(id)) {
                forget(id);
            } else {
                LOG.info("session {} is idle, but goes on: {}", id, LogText.masked(refused.getMessage()));
            }
        }
    }

    private boolean gone(String id) {
        try {
            return !house.store().get(id).row().active();
        } catch (LlmSpellException absent) {
            return true;
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Looks no more. */
    @Override
    public void close() {
        Handle timer;
        synchronized (this) {
            closed = true;
            timer = next;
        }
        timer.close();
    }
}
