package io.llmspell.state;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

/**
 * Brings attempts on state to the audit log: a denied one before its caller hears of the denial, an allowed one with
 * others, a moment later. Attempts that are alike and fall into one window of a second are one record with their number.
 *
 * <pre>
 * tallies   what was counted in the window and is not in the log yet; counting and taking out are atomic, so no attempt
 *           is lost or counted twice. At most {@link #MOST} or so: beyond, nothing is merged.
 * timed     whether the end of the window is scheduled.
 * handed    what threads that must not block have handed over, until it is in the log; bounded.
 * writing   held while something goes from the two to the log, so that nobody who flushes overtakes somebody who has
 *           taken something out.
 * </pre>
 */
final class AccessAudit implements Handle {
    private static final Logger LOG = LoggerFactory.getLogger(AccessAudit.class);
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int MOST = 10_000;

    private record Attempt(
            Principal principal,
            String action,
            String target,
            @Nullable String key,
            boolean allowed,
            String reason) {}

    /** How many attempts that are not in the log yet, when the first of them came and in which run. */
    private record Tally(long count, Instant first, CorrelationId run) {
        Tally again() {
            return new Tally(count + 1, first, run);
        }
    }

    private final AuditLog log;
    private final Redactor redactor;
    private final TimeSource time;
    private final Handle timeEnds;
    private final ConcurrentHashMap<Attempt, Tally> tallies = new ConcurrentHashMap<>();
    private final AtomicBoolean timed = new AtomicBoolean();

    private final BlockingQueue<AuditRecord> handed = new LinkedBlockingQueue<>(MOST);
    private final ReentrantLock writing = new ReentrantLock();

    private volatile Handle timer = Handle.noop();
    private volatile boolean closed;

    /** The handle ends the time source if nobody else does. */
    AccessAudit(AuditLog log, Redactor redactor, TimeSource time, Handle timeEnds) {
        this.log = log;
        this.redactor = redactor;
        this.time = time;
        this.timeEnds = timeEnds;
    }

    AuditLog log() {
        return log;
    }

    void note(Caller caller, Scope scope, StateOperation operation, @Nullable String key, Verdict verdict) {
        note(
                new Attempt(caller.principal(), operation.id(), scope.text(), key, verdict.allowed(), verdict.reason()),
                caller);
    }

    /** Notes an attempt at something else than a value, such as rights, that was refused. */
    void refused(Caller caller, String action, String target, String reason) {
        note(new Attempt(caller.principal(), action, target, null, false, reason), caller);
    }

    private void note(Attempt attempt, Caller caller) {
        Tally counted = tallies.computeIfPresent(attempt, (same, tally) -> again(tally, caller.correlation()));
        if (counted == null) {
            first(attempt, caller.correlation());
        }
        if (closed) { // meanwhile, so that the last flush may not have seen it
            flushAnywhere();
        }
    }

    private void flushAnywhere() {
        if (Schedulers.isInNonBlockingThread()) {
            Schedulers.boundedElastic().schedule(this::flush);
        } else {
            flush();
        }
    }

    private Tally again(Tally tally, CorrelationId run) {
        return tally.count == 0 ? new Tally(1, time.now(), run) : tally.again();
    }

    /**
     * Denials are in the log before their caller goes on, unless that is a thread that must not wait; the record of the
     * rest follows at the end of the window.
     */
    private void first(Attempt attempt, CorrelationId run) {
        boolean merging = tallies.size() < MOST && !closed;
        boolean now = !attempt.allowed() || !merging;
        Tally one = new Tally(now ? 0 : 1, time.now(), run);
        if (merging && tallies.putIfAbsent(attempt, one) != null) {
            tallies.compute(attempt, (same, tally) -> tally == null ? new Tally(1, one.first, run) : again(tally, run));
            now = false;
        }
        if (now) {
            append(attempt, new Tally(1, one.first, run));
        }
        if (merging && timed.compareAndSet(false, true)) {
            timer = time.schedule(WINDOW, () -> Schedulers.boundedElastic().schedule(this::endWindow));
        }
    }

    private void endWindow() {
        timed.set(false);
        flush();
    }

    /** Writes what was counted, in the order in which it came; once it returns, all that was counted before is written. */
    void flush() {
        writing.lock();
        try {
            writeHanded();
            writeCounted();
        } finally {
            writing.unlock();
        }
    }

    private void writeCounted() {
        Map<Attempt, Tally> all = new HashMap<>();
        for (Attempt attempt : tallies.keySet()) {
            Tally taken = tallies.remove(attempt);
            if (taken != null && taken.count > 0) {
                all.put(attempt, taken);
            }
        }
        all.entrySet().stream()
                .sorted(Comparator.comparing(each -> each.getValue().first))
                .forEach(each -> append(each.getKey(), each.getValue()));
    }

    private void append(Attempt attempt, Tally tally) {
        String key = attempt.key();
        AuditRecord record = record(
                tally.first,
                attempt.principal(),
                attempt.action(),
                attempt.target(),
                key == null ? null : redactor.text(key),
                attempt.allowed(),
                attempt.reason(),
                tally.run,
                tally.count);
        if (Schedulers.isInNonBlockingThread() && handed.offer(record)) {
            Schedulers.boundedElastic().schedule(this::flushHanded);
        } else {
            write(record);
        }
    }

    private void flushHanded() {
        writing.lock();
        try {
            writeHanded();
        } finally {
            writing.unlock();
        }
    }

    private void writeHanded() {
        for (AuditRecord next = handed.poll(); next != null; next = handed.poll()) {
            write(next);
        }
    }

    private void write(AuditRecord record) {
        try {
            log.append(record);
        } catch (LlmSpellException failed) { // the verdict stands all the same
            LOG.error(
                    "the audit record of {} on {} by {} was not kept: {}",
                    record.action(),
                    record.target(),
                    record.principal().text(),
                    LogText.masked(failed.getMessage()));
        }
    }

    /** The record of a change of rights, for the batch of the change. */
    AuditRecord administration(Caller caller, String action, Scope target, String reason) {
        return record(
                time.now(),
                caller.principal(),
                action,
                target.text(),
                null,
                true,
                redactor.text(reason),
                caller.correlation(),
                1);
    }

    private AuditRecord record(
            Instant at,
            Principal principal,
            String action,
            String target,
            @Nullable String key,
            boolean allowed,
            String reason,
            CorrelationId run,
            long count) {
        return new AuditRecord(
                at, principal, "state." + action, redactor.text(target), key, allowed, reason, run, count);
    }

    /** Writes what was counted; later attempts are written one by one. */
    @Override
    public void close() {
        closed = true;
        timer.close();
        timeEnds.close();
        flush();
    }
}
