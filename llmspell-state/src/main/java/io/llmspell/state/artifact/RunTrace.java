package io.llmspell.state.artifact;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventJournal;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run did so far, as the journal knows it.
 *
 * @param stateKeys what it changed in state
 * @param eventIds what it published
 * @param hookExecutions the events of hooks that ran in it
 */
record RunTrace(List<String> stateKeys, List<String> eventIds, List<String> hookExecutions) {
    private static final Logger LOG = LoggerFactory.getLogger(RunTrace.class);
    private static final int MOST = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final RunTrace NONE = new RunTrace(List.of(), List.of(), List.of());

    static RunTrace of(@Nullable EventBus bus, TimeSource time, Caller caller) {
        EventJournal journal = bus == null ? null : bus.journal().orElse(null);
        if (journal == null) {
            return NONE;
        }
        long deadline = time.nanos() + PATIENCE.toNanos();
        Awaiter awaiter = Awaiter.blocking(time);
        EventQuery query =
                EventQuery.all().run(caller.correlation()).backwards().most(MOST);
        try {
            awaiter.await(journal.flush(), deadline, caller.token()); // events are written behind who published them
            List<UniversalEvent> events = awaiter.await(
                    journal.query(query)
                            .map(JournaledEvent::event)
                            .collectList()
                            .toFuture(),
                    deadline,
                    caller.token());
            Collections.reverse(events);
            return of(events);
        } catch (LimitException slow) {
            LOG.warn(
                    "what run {} did before is not noted at its artifact: the journal took longer than {}",
                    caller.correlation(),
                    PATIENCE);
            return NONE;
        }
    }

    private static RunTrace of(List<UniversalEvent> events) {
        Set<String> keys = new LinkedHashSet<>();
        List<String> hooks = new ArrayList<>();
        for (UniversalEvent event : events) {
            if (event.type().equals("state.changed") && event.payload() instanceof JsonObject change) {
                keys.add(change.text("scope", "") + "/" + change.text("key", ""));
            } else if (event.type().startsWith("hook.execution.")) {
                hooks.add(event.id().toString());
            }
        }
        List<String> ids = events.stream().map(event -> event.id().toString()).toList();
        return new RunTrace(List.copyOf(keys), ids, hooks);
    }
}
