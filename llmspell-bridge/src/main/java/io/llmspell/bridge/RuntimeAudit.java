package io.llmspell.bridge;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.storage.StoreAuditLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

/**
 * The audit log of a runtime, there before its store is: what comes first waits for the store.
 *
 * <p>{@code early} and {@code log} are guarded by {@code this} until the store is known; nothing is written under the
 * lock. A record that cannot be kept is logged: the refusal that it is about stands all the same.
 */
final class RuntimeAudit implements AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeAudit.class);
    private static final int MOST_EARLY = 1_000;

    private final List<AuditRecord> early = new ArrayList<>();
    private volatile @Nullable Lazy<AuditLog> log;

    /** The store is known; it is touched with the first record only. */
    void begin(StorageBackend store, RecordCodec records) {
        List<AuditRecord> waiting;
        synchronized (this) {
            log = new Lazy<>(() -> StoreAuditLog.on(store, records));
            waiting = List.copyOf(early);
            early.clear();
        }
        waiting.forEach(this::append);
    }

    @Override
    public void append(AuditRecord record) {
        if (Schedulers.isInNonBlockingThread()) {
            Schedulers.boundedElastic().schedule(() -> write(record));
        } else {
            write(record);
        }
    }

    private void write(AuditRecord record) {
        Lazy<AuditLog> known = log;
        if (known == null && keepEarly(record)) {
            return;
        }
        try {
            log().append(record);
        } catch (LlmSpellException failed) {
            LOG.error(
                    "the audit record of {} on {} by {} was not kept: {}",
                    record.action(),
                    record.target(),
                    record.principal().text(),
                    failed.getMessage());
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
    public long verify() {
        return log().verify();
    }

    private AuditLog log() {
        Lazy<AuditLog> known = log;
        if (known == null) {
            throw new InvalidStateException("the audit log is not open yet: the runtime is still starting");
        }
        return known.get();
    }
}
