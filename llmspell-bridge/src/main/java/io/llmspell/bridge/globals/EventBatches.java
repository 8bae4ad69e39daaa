package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects events for a handler that wants several at once: as soon as there are enough, or when the first has waited
 * long enough.
 *
 * <p><b>Threads:</b> safe. Batches are queued for the engine under the lock, so that they stay in order.
 */
final class EventBatches {
    private static final Logger LOG = LoggerFactory.getLogger(EventBatches.class);
    private static final Duration HANDLER_LIMIT = Duration.ofSeconds(5);

    private final ScriptCallback handler;
    private final Caller caller;
    private final EventPace pace;
    private final TimeSource time;
    private final LongConsumer handled;
    private final Object lock = new Object();
    private List<Object> collected = new ArrayList<>();
    private Handle timer = Handle.noop();
    private boolean closed;

    /**
     * Batches of a handler.
     *
     * @param handled hears how many events the handler is done with
     */
    EventBatches(ScriptCallback handler, Caller caller, EventPace pace, TimeSource time, LongConsumer handled) {
        this.handler = handler;
        this.caller = caller;
        this.pace = pace;
        this.time = time;
        this.handled = handled;
    }

    /** Takes an event; gives what the source of events must wait for before it brings more, or null. */
    @Nullable CompletionStage<@Nullable Object> add(UniversalEvent event) {
        synchronized (lock) {
            if (closed) {
                return null;
            }
            collected.add(EventView.of(event));
            if (collected.size() >= pace.batchSize()) {
                return post();
            }
            if (collected.size() == 1) {
                timer = time.schedule(Duration.ofMillis(pace.batchMillis()), this::due);
            }
            return null;
        }
    }

    private void due() {
        synchronized (lock) {
            if (!collected.isEmpty() && !closed) {
                post().whenComplete((answer, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "the handler at {} failed on a batch of events: {}",
                                handler.place(),
                                LogText.masked(failure.toString()));
                    }
                });
            }
        }
    }

    private CompletionStage<@Nullable Object> post() {
        timer.close();
        List<Object> batch = collected;
        collected = new ArrayList<>();
        CompletableFuture<@Nullable Object> done = new CompletableFuture<>();
        handler.post(caller, HANDLER_LIMIT, batch).whenComplete((answer, failure) -> {
            handled.accept(batch.size());
            if (failure == null) {
                done.complete(answer);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    /** Forgets what is collected. */
    void close() {
        synchronized (lock) {
            closed = true;
            collected = new ArrayList<>();
            timer.close();
        }
    }
}
