package io.llmspell.events.journal;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventJournal;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.events.Events;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A bus with a journal on a store in memory, and short words to use them. */
final class House implements AutoCloseable {
    static final RecordCodec CODEC = RecordCodecs.create(JsonCodec.create());
    static final Caller CALLER = Caller.host(new CorrelationId("run-1"));
    static final Duration LONG = Duration.ofSeconds(20);

    final ManualTime time;
    final StorageBackend store;
    final EventBus bus;

    House(JournalSettings settings) {
        this(newStore(), settings, new PassThroughGate(), new ManualTime());
    }

    House(StorageBackend store, JournalSettings settings, Gate gate, ManualTime time) {
        this.store = store;
        this.time = time;
        this.bus = Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(gate)
                .awaiter(Awaiter.blocking(time))
                .journal(store, CODEC, Space.EVENTS)
                .journaling(settings)
                .build();
    }

    static StorageBackend newStore() {
        return MemoryStorage.create(Set.of(Space.STATE, Space.META, Space.EVENTS));
    }

    /** Another bus on the same store, as after a restart. */
    House again(JournalSettings settings) {
        return new House(store, settings, new PassThroughGate(), time);
    }

    static JournalSettings keeping(long events) {
        JournalSettings all = JournalSettings.DEFAULT;
        return new JournalSettings(
                true, all.patterns(), all.exclude(), events, all.eventTtl(), all.maxBytes(), all.cleanupInterval());
    }

    static EventDraft draft(String type, @Nullable Object payload) {
        return draft(type, payload, "tester");
    }

    static EventDraft draft(String type, @Nullable Object payload, String component) {
        return EventDraft.of(type, payload, Component.named(ComponentType.SYSTEM, component));
    }

    void publish(String type, int count) {
        for (int i = 0; i < count; i++) {
            bus.publish(draft(type, (long) i), CALLER).orThrow();
        }
    }

    /** Commits a change that carries an event. */
    void change(String type) {
        StagedEvent staged = bus.stage(draft(type, java.util.Map.of("n", 1)), "version", CALLER);
        store.commit(new Batch(List.of(staged.write().orElseThrow()), WriteMode.DURABLE, staged::committed))
                .orThrow();
        staged.publish();
    }

    EventJournal journal() {
        return bus.journal().orElseThrow();
    }

    List<JournaledEvent> read(EventQuery query) {
        return Objects.requireNonNull(journal().query(query).collectList().block(LONG));
    }

    List<String> types(EventQuery query) {
        return read(query).stream().map(each -> each.event().type()).toList();
    }

    List<Object> payloads(EventQuery query) {
        return read(query).stream().map(each -> each.event().payload()).toList();
    }

    @Override
    public void close() {
        bus.close();
    }
}
