package io.llmspell.events;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
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
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a handler fails: a line in the log and the hooks of {@code EventHandlerError}, which see the
 * handler's error but cannot change anything.
 *
 * <p><b>Threads:</b> safe; runs on the thread of the handler.
 */
final class HandlerFailures {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerFailures.class);
    private static final Set<HookResultKind> NOTICE = Set.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED);

    private final Redactor redactor;
    private final Passage<Failure, Failure> passage;

    HandlerFailures(Gate gate, Redactor redactor) {
        this.redactor = redactor;
        this.passage = gate.passage(Operation.of(OperationKind.EVENT_HANDLE, new FailureView())
                .point(HookPoint.EVENT_HANDLER_ERROR, Step.Stage.ERROR, NOTICE)
                .run((failure, caller) -> {
                    throw failure.error();
                }));
    }

    void report(BusSubscription subscription, UniversalEvent event, Throwable cause) {
        LOG.warn(
                "the handler of {} failed on event {} ({}), run {}: {}: {}",
                subscription,
                event.type(),
                event.id(),
                event.correlation(),
                cause.getClass().getName(),
                redactor.text(String.valueOf(cause.getMessage())));
        LOG.debug("the handler's stack", cause);
        if (Emitting.passesHooks(event.type())) {
            fire(new Failure(subscription, event, InternalException.coded("the handler of " + subscription, cause)));
        }
    }

    private void fire(Failure failure) {
        UniversalEvent event = failure.event();
        try {
            passage.call(event.source(), failure, failure.subscription().callerFor(event));
        } catch (Throwable outcome) {
            // the failure itself comes back from the gate, as hooks cannot mend it
            if (outcome != failure.error()) {
                LOG.warn("a hook of EventHandlerError failed, run {}: {}", event.correlation(), outcome.toString());
            }
        }
    }

    /** A subscriber of a stream threw on its end; nobody is left to tell. */
    void reportEnd(BusSubscription subscription, Throwable cause) {
        LOG.warn("the subscriber of {} failed at the end of the stream: {}", subscription, cause.toString());
    }

    /**
     * One failure.
     *
     * @param subscription whose handler failed
     * @param event on which event
     * @param error how
     */
    record Failure(BusSubscription subscription, UniversalEvent event, LlmSpellException error) {}

    /** Shows a failure; nothing can be changed. */
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
            throw HookException.resultNotAllowed("a hook", point, HookResultKind.MODIFIED, "continue and skipped");
        }

        @Override
        public Failure answer(HookPoint point, Failure input, @Nullable Object value) {
            throw HookException.resultNotAllowed("a hook", point, HookResultKind.REPLACE, "continue and skipped");
        }
    }
}
