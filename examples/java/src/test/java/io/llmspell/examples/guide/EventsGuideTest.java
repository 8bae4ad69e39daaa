package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.hooks.Hooks;
import io.llmspell.storage.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EventsGuideTest extends Guide {
    private final List<Object> archived = new CopyOnWriteArrayList<>();

    private void archive(Object payload) {
        archived.add(payload);
    }

    @Test
    void inOneMinute() {
        SystemTimeSource clock = new SystemTimeSource();
        try (Hooks hooks =
                Hooks.builder().time(clock).awaiter(Awaiter.blocking(clock)).build()) {
            // region
            SystemTimeSource time = new SystemTimeSource();
            EventBus bus = Events.builder()
                    .time(time)
                    .ids(IdGenerator.timeOrdered(time))
                    .gate(hooks.gate()) // every publish passes it
                    .awaiter(Awaiter.blocking(time))
                    .build();

            Subscription reports = bus.subscribe(
                    "report.*", SubscribeOptions.DEFAULT, (event, redelivered) -> archive(event.payload()), caller);

            Component source = Component.named(ComponentType.SYSTEM, "reports");
            bus.publish(EventDraft.of("report.ready", Map.of("pages", 3), source), caller)
                    .orThrow();

            reports.close();
            bus.close();
            // endregion
        }
        assertThat(archived).allSatisfy(each -> assertThat(each).isEqualTo(JsonObject.of("pages", 3)));
    }

    @Test
    void eventOfAChange() {
        StorageBackend store = MemoryStorage.create(Set.of(Space.STATE, Space.EVENTS));
        EventBus bus = spell.events();
        List<Write> changes = List.of(new Write.Put(Space.STATE, Bytes.utf8("rows"), Bytes.utf8("3")));
        EventDraft draft = EventDraft.of("rows.changed", 3, Component.named(ComponentType.SYSTEM, "rows"));
        EventInbox inbox = bus.inbox("rows.changed", SubscribeOptions.DEFAULT, caller);
        // region
        StagedEvent staged = bus.stage(draft, caller); // the hooks before it run now
        List<Write> writes = new ArrayList<>(changes);
        staged.write().ifPresent(writes::add); // the record, if the bus has a journal
        try {
            store.commit(new Batch(writes, WriteMode.DURABLE, staged::committed))
                    .orThrow();
        } catch (LlmSpellException notCommitted) {
            staged.dropped();
            throw notCommitted;
        }
        staged.publish(); // synchronous subscriptions, hooks after it
        // endregion

        assertThat(inbox.next()).succeedsWithin(Duration.ofSeconds(30));
        store.close();
    }
}
