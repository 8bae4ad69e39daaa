package io.llmspell.state;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records and the events that tell of them, committed together.
 *
 * <p><b>Threads:</b> for one thread; used once.
 */
public final class RecordBatch {
    private static final Logger LOG = LoggerFactory.getLogger(RecordBatch.class);

    private final StorageBackend store;
    private final @Nullable EventBus bus;
    private final Redactor redactor;
    private final List<Write> writes = new ArrayList<>();
    private final List<StagedEvent> events = new ArrayList<>();
    private @Nullable Sealing sealing;

    /**
     * Begins a batch.
     *
     * @param store where it is written
     * @param bus takes the events, or null for none
     * @param redactor masks their payloads
     */
    public RecordBatch(StorageBackend store, @Nullable EventBus bus, Redactor redactor) {
        this.store = store;
        this.bus = bus;
        this.redactor = redactor;
    }

    /**
     * Adds a write.
     *
     * @param write the write
     */
    public void add(Write write) {
        writes.add(write);
    }

    /**
     * Adds what belongs to the sealed records of this batch.
     *
     * @param records what has sealed them
     */
    public void add(Sealing records) {
        sealing = records;
    }

    /**
     * Adds an event; its hooks run now, and one that they veto is kept but not delivered.
     *
     * @param type dot-separated words
     * @param payload JSON values by name
     * @param source what it happened to
     * @param caller on whose behalf
     * @throws io.llmspell.core.error.LlmSpellException if the event cannot be made; the batch is then given up
     */
    public void event(String type, Map<String, ? extends @Nullable Object> payload, Component source, Caller caller) {
        if (bus == null) {
            return;
        }
        try {
            events.add(bus.stage(EventDraft.of(type, redactor.value(payload), source), caller));
        } catch (Throwable refused) {
            drop();
            throw refused;
        }
    }

    /**
     * Commits durably and publishes the events.
     *
     * @return the commit, or the expectation that failed; then nothing was written and nothing published
     */
    public Commit commit() {
        Sealing sealed = sealing;
        if (sealed != null) {
            writes.addAll(sealed.writes());
        }
        for (StagedEvent event : events) {
            event.write().ifPresent(writes::add);
        }
        Commit commit;
        try {
            commit = store.commit(
                    new Batch(writes, WriteMode.DURABLE, done -> events.forEach(event -> event.committed(done))));
        } catch (Throwable failed) {
            drop();
            throw failed;
        }
        if (commit instanceof Commit.Done) {
            if (sealed != null) {
                sealed.committed();
            }
            publish();
        } else {
            drop();
        }
        return commit;
    }

    /** The change stands, so nothing that happens here may make it look failed. */
    private void publish() {
        for (StagedEvent event : events) {
            try {
                event.publish();
            } catch (RuntimeException failed) {
                LOG.warn("the event of a committed change could not be published to all", LogText.maskedError(failed));
            }
        }
    }

    private void drop() {
        events.forEach(StagedEvent::dropped);
    }
}
