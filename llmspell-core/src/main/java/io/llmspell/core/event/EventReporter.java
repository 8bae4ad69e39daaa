package io.llmspell.core.event;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the runtime's own events: payloads are redacted first, and an event that cannot go out never disturbs the
 * operation that it tells of.
 *
 * <p><b>Threads:</b> safe.
 */
public final class EventReporter {
    private static final Logger LOG = LoggerFactory.getLogger(EventReporter.class);

    private final Supplier<? extends @Nullable EventBus> bus;
    private final Redactor redactor;

    /**
     * Makes a reporter.
     *
     * @param bus takes the events
     * @param redactor masks the payloads
     */
    public EventReporter(EventBus bus, Redactor redactor) {
        this(() -> bus, redactor);
    }

    /**
     * Makes a reporter for a bus that is built later; until then nobody can have subscribed, and events go nowhere.
     *
     * @param bus gives the bus, or null as long as there is none
     * @param redactor masks the payloads
     */
    public EventReporter(Supplier<? extends @Nullable EventBus> bus, Redactor redactor) {
        this.bus = bus;
        this.redactor = redactor;
    }

    /**
     * Publishes an event, also when the caller's token is cancelled or its deadline has passed. A veto by a hook, a full
     * queue, a closed bus or a payload that is too large is logged.
     *
     * @param type dot-separated words
     * @param payload JSON values by name
     * @param source what it happened to or in
     * @param caller on whose behalf; gives run and language
     */
    public void report(String type, Map<String, ? extends @Nullable Object> payload, Component source, Caller caller) {
        EventBus present = bus.get();
        if (present == null) {
            return;
        }
        try {
            EventDraft draft = EventDraft.of(type, redactor.value(payload), source);
            PublishResult result = present.publish(draft, unstoppable(caller));
            if (result instanceof PublishResult.Rejected rejected) {
                LOG.debug("event {} of {} was not taken by all: {}", type, source, LogText.masked(rejected.text()));
            }
        } catch (OperationCancelledException vetoed) {
            LOG.debug("event {} of {} was vetoed: {}", type, source, LogText.masked(vetoed.getMessage()));
        } catch (LlmSpellException failed) {
            LOG.warn("event {} of {} could not be published: {}", type, source, LogText.masked(failed.getMessage()));
        }
    }

    /** The end of an operation that its caller has stopped is told all the same. */
    private static Caller unstoppable(Caller caller) {
        return new Caller(
                caller.principal(),
                caller.language(),
                caller.correlation(),
                caller.parentOperation(),
                Cancellation.none(),
                Awaiter.NO_DEADLINE,
                caller.lineage(),
                caller.traceparent());
    }
}
