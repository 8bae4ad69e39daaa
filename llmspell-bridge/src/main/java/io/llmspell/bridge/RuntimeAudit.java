package io.llmspell.bridge;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditReport;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.time.TimeSource;
import io.llmspell.storage.AuditRetention;
import io.llmspell.storage.StoreAuditLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The audit log of a runtime, there before its store is: what comes first waits for the store.
 *
 * <p>{@code early} and {@code log} are guarded by {@code this} until the store is known; nothing is written under that
 * lock. {@code handed} has what threads that must not block have handed over; who writes it holds {@code writing}, so that
 * nobody closes before it is written. A record that cannot be kept is logged: the refusal that it is about stands all the
 * same.
 *
 * <p>Retention is looked after at intervals, and as records come, so that also a runtime of short scripts keeps its log
 * short: {@code next} and {@code closed} are guarded by {@code this}; {@code looking} lets one look at a time run.
 */
final class RuntimeAudit implements AuditLog, Handle {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeAudit.class);
    private static final int MOST_EARLY = 1_000;
    private static final int MOST_HANDED = 10_000;
    private static final Duration FIRST_LOOK = Duration.ofMinutes(1);
    private static final int LOOK_EVERY = 256;

    private final List<AuditRecord> early = new ArrayList<>();
    private final BlockingQueue<AuditRecord> handed = new LinkedBlockingQueue<>(MOST_HANDED);
    private final ReentrantLock writing = new ReentrantLock();
    private final TimeSource time;
    private final @Nullable AuditRetention configured;
    private final Supplier<Caller> callers;
    private final AtomicInteger appended = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable Lazy<StoreAuditLog> log;
    private Handle next = Handle.noop();
    private boolean closed;

    RuntimeAudit(TimeSource time, @Nullable AuditRetention configured, Supplier<Caller> callers) {
        this.time = time;
        this.configured = configured;
        this.callers = callers;
    }

    /** The store is known; it is touched with the first record only, or with the first look at what may go. */
    RuntimeAudit begin(StorageBackend store, RecordCodec records) {
        List<AuditRecord> waiting;
        synchronized (this) {
            log = new Lazy<>(() -> StoreAuditLog.on(store, records));
            waiting = List.copyOf(early);
            early.clear();
        }
        waiting.forEach(this::append);
        after(FIRST_LOOK);
        return this;
    }

    // ---- retention ----

    private void after(Duration delay) {
        Handle timer = time.schedule(delay, () -> {
            look();
            after(retention().cleanupInterval());
        });
        boolean late;
        synchronized (this) {
            late = closed;
            next = late ? Handle.noop() : timer;
        }
        if (late) {
            timer.close();
        }
    }

    private AuditRetention retention() {
        return configured == null ? AuditRetention.DEFAULT : configured;
    }

    /** A timer must not block, nor the one who was refused something. */
    private void look() {
        if (looking.compareAndSet(false, true)) {
            Mono.fromRunnable(this::trim)
                    .subscribeOn(Schedulers.boundedElastic())
                    .doFinally(end -> looking.set(false))
                    .subscribe(
                            done -> {},
                            failed -> LOG.warn("the audit log was not looked through", LogText.maskedError(failed)));
        }
    }

    private void trim() {
        try {
            log().retain(retention(), callers.get(), time.now())
                    .ifPresent(gone -> LOG.info("{} old records were removed from the audit log", gone.removed()));
        } catch (LlmSpellException failed) {
            if (!isClosed()) { // the store may go while somebody looks
                LOG.error("no record was removed from the audit log: {}", LogText.masked(failed.getMessage()));
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Writes what threads that must not block have handed over, and looks no more at what may go; records are kept as long
     * as there is a store.
     */
    @Override
    public void close() {
        Handle timer;
        synchronized (this) {
            closed = true;
            timer = next;
        }
        timer.close();
        writeHanded();
    }

    // ---- records ----

    @Override
    public void append(AuditRecord record) {
        if (Schedulers.isInNonBlockingThread() && handed.offer(record)) {
            Schedulers.boundedElastic().schedule(this::writeHanded);
        } else {
            write(record);
        }
    }

    private void writeHanded() {
        writing.lock();
        try {
            for (AuditRecord next = handed.poll(); next != null; next = handed.poll()) {
                write(next);
            }
        } finally {
            writing.unlock();
        }
    }

    private void write(AuditRecord record) {
        Lazy<StoreAuditLog> known = log;
        if (known == null && keepEarly(record)) {
            return;
        }
        try {
            log().append(record);
            if (appended.getAndIncrement() % LOOK_EVERY == 0) {
                look();
            }
        } catch (LlmSpellException failed) {
            LOG.error(
                    "the audit record of {} on {} by {} was not kept: {}",
                    record.action(),
                    record.target(),
                    record.principal().text(),
                    LogText.masked(failed.getMessage()));
        }
    }

    private synchronized boolean keepEarly(AuditRecord record) {
        if (log == null && early.size() < MOST_EARLY) {
            early.add(record);
            return true;
        }
        return false;
    }

    @Override
    public Write stage(AuditRecord record) {
        return log().stage(record);
    }

    @Override
    public List<AuditRecord> query(AuditQuery query) {
        if (!Schedulers.isInNonBlockingThread()) {
            writeHanded();
        }
        return log().query(query);
    }

    @Override
    public AuditReport verify() {
        return log().verify();
    }

    private StoreAuditLog log() {
        Lazy<StoreAuditLog> known = log;
        if (known == null) {
            throw new InvalidStateException("the audit log is not open yet: the runtime is still starting");
        }
        return known.get();
    }
}
