package io.llmspell.events;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.DeadLetter;
import io.llmspell.core.event.DurableSubscription;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.time.TimeSource;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a handler fails: a line in the log and the hooks of {@code EventHandlerError}, which see the
 * handler's error and may have the event delivered to it again.
 *
 * <p><b>Threads:</b> safe; runs on the thread of the handler.
 */
final class HandlerFailures {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerFailures.class);
    private static final Set<HookResultKind> ALLOWED =
            Set.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.RETRY);

    /** Whose the events about the bus are. */
    static final Principal BUS = new Principal.RuntimePart("events");

    private final Redactor redactor;
    private final TimeSource time;
    private final Notices notices;
    private final DeadLetters deadLetters = new DeadLetters();
    private final Passage<Failure, Failure> passage;

    HandlerFailures(Gate gate, Redactor redactor, TimeSource time, Notices notices) {
        this.redactor = redactor;
        this.time = time;
        this.notices = notices;
        this.passage = gate.passage(Operation.of(OperationKind.EVENT_HANDLE, new FailureView())
                .point(HookPoint.EVENT_HANDLER_ERROR, Step.Stage.ERROR, ALLOWED)
                .run((failure, caller) -> failure.deliver()));
    }

    /**
     * Tells of a failure.
     *
     * @param again delivers the event again, null if that cannot be: the handler may still run
     * @return whether a later delivery, which a hook asked for, went well
     */
    boolean report(Reader subscription, UniversalEvent event, Throwable cause, @Nullable Redelivery again) {
        LOG.warn(
                "the handler of {} failed on event {} ({}), run {}: {}: {}",
                subscription,
                event.type(),
                event.id(),
                event.correlation(),
                cause.getClass().getName(),
                redactor.text(String.valueOf(cause.getMessage())));
        LOG.debug("the handler's stack", LogText.maskedError(cause));
        Failure failure =
                new Failure(subscription, event, Failure.coded(subscription, cause), again, new AtomicBoolean());
        if (Emitting.passesHooks(event.type())) {
            if (fire(failure)) {
                return true;
            }
            tell(failure);
        }
        keep(failure);
        return false;
    }

    private void keep(Failure failure) {
        Reader subscription = failure.subscription();
        deadLetters.add(new DeadLetter(
                failure.event(),
                subscription.id(),
                subscription.pattern(),
                failure.error().code().id(),
                message(failure.error()),
                time.now()));
    }

    private String message(LlmSpellException error) {
        return redactor.text(String.valueOf(error.getMessage()));
    }

    /** Events about events tell of no failures, or they would never end. */
    private void tell(Failure failure) {
        JsonObject error = JsonObject.of("code", failure.error().code().id(), "message", message(failure.error()));
        notices.add(new Notices.Notice(
                "event.handler.failed",
                FailureView.json(failure).with("error", error),
                failure.subscription().callers().apply(failure.event()).as(BUS).in(Language.JAVA)));
        notices.wake();
    }

    void quarantined(BusSubscription subscription, int failures) {
        LOG.warn("{} gets no more events after {} failures in a row, until it is resumed", subscription, failures);
        notices.add(new Notices.Notice(
                "event.subscription.quarantined",
                JsonObject.of(
                        "subscription_id", subscription.id(), "pattern", subscription.pattern(), "failures", (long)
                                failures),
                subscription.ownerCaller()));
        notices.wake();
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Whether the event was delivered after all. */
    private boolean fire(Failure failure) {
        UniversalEvent event = failure.event();
        try {
            passage.call(
                    event.source(), failure, failure.subscription().callers().apply(event));
            return true;
        } catch (Throwable outcome) {
            // without a hook that mends it the failure itself comes back from the gate
            if (outcome != failure.error()) {
                LOG.warn(
                        "EventHandlerError of run {} ended with {}",
                        event.correlation(),
                        LogText.masked(outcome.toString()));
            }
            return false;
        }
    }

    /** A subscriber of a stream threw on its end; nobody is left to tell. */
    void reportEnd(BusSubscription subscription, Throwable cause) {
        LOG.warn(
                "the subscriber of {} failed at the end of the stream: {}",
                subscription,
                LogText.masked(cause.toString()));
    }

    /**
     * Whose handler failed.
     *
     * @param id of the subscription
     * @param pattern of the subscription
     * @param name what the log calls it
     * @param shut whether nobody wants the event any longer
     * @param callers in whose name hooks run
     */
    record Reader(
            String id, String pattern, String name, BooleanSupplier shut, Function<UniversalEvent, Caller> callers) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A handler of a durable subscription failed; its run is that of the event. */
    boolean durable(DurableSubscription subscription, UniversalEvent event, Throwable cause, Callable<Boolean> again) {
        Reader reader = new Reader(
                subscription.name(),
                subscription.pattern(),
                subscription.toString(),
                () -> false,
                of -> Caller.of(BUS, Language.JAVA, of.correlation()));
        return report(reader, event, cause, again::call);
    }

    /**
     * One failure.
     *
     * @param subscription whose handler failed
     * @param event on which event
     * @param error how
     * @param again delivers the event again, or null
     * @param told whether hooks have heard of it, so that the operation runs because one of them asked for it
     */
    record Failure(
            Reader subscription,
            UniversalEvent event,
            LlmSpellException error,
            @Nullable Redelivery again,
            AtomicBoolean told) {
        static LlmSpellException coded(Reader subscription, Throwable cause) {
            return InternalException.coded("the handler of " + subscription, cause);
        }

        /** Fails as the handler did; run once more, delivers the event again unless nobody wants it any longer. */
        Failure deliver() {
            if (!told.getAndSet(true) || again == null || subscription.shut().getAsBoolean()) {
                throw error;
            }
            boolean delivered;
            try {
                delivered = again.run();
            } catch (Throwable failed) {
                throw coded(subscription, failed);
            }
            if (!delivered) {
                throw error;
            }
            return this;
        }
    }

    /** Shows a failure; nothing of it can be changed. */
    private static final class FailureView implements View<Failure, Failure> {
        @Override
        public Object input(Failure input) {
            return json(input);
        }

        @Override
        public Object output(Failure output) {
            return json(output);
        }

        @Override
        public Object data(HookPoint point, Failure input, @Nullable Failure output) {
            return json(input);
        }

        private static JsonObject json(Failure failure) {
            return JsonObject.of(
                    "subscription_id",
                    failure.subscription.id(),
                    "pattern",
                    failure.subscription.pattern(),
                    "event_id",
                    failure.event.id().toString(),
                    "event_type",
                    failure.event.type());
        }

        @Override
        public Failure modified(HookPoint point, Failure input, @Nullable Object data) {
            throw HookException.resultNotAllowed(
                    "a hook", point, HookResultKind.MODIFIED, "continue, skipped and retry");
        }

        @Override
        public Failure answer(HookPoint point, Failure input, @Nullable Object value) {
            throw HookException.resultNotAllowed(
                    "a hook", point, HookResultKind.REPLACE, "continue, skipped and retry");
        }
    }
}
