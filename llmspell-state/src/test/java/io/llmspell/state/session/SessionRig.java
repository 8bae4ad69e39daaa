package io.llmspell.state.session;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.events.Events;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.States;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Sessions over a memory store with the real gate, bus and state; "restarts" keep the store. */
public final class SessionRig implements AutoCloseable {
    /** A machine under load must not cut the hooks under test off. */
    private static final HookSettings PATIENT =
            HookSettings.DEFAULT.toBuilder().deadline(Duration.ofSeconds(30)).build();

    private static final AtomicInteger RUNS = new AtomicInteger();

    public final SystemTimeSource real = new SystemTimeSource();
    public final TimeSource time;
    public final IdGenerator ids;
    public final KeyRing keys = KeyRing.inMemory();
    public final RecordCodec codec = RecordCodecs.create(JsonCodec.create(), keys);
    public final StorageBackend store =
            MemoryStorage.create(Set.of(Space.STATE, Space.META, Space.EVENTS, Space.SESSIONS));
    /** What state and sessions use: the store itself, or a broken one around it. */
    public final StorageBackend used;

    private final UnaryOperator<SessionsBuilder> more;
    public Hooks hooks;
    public EventBus bus;
    public StateManager state;
    public SessionManager sessions;

    public SessionRig() {
        this(null, builder -> builder);
    }

    public SessionRig(@Nullable TimeSource time, UnaryOperator<SessionsBuilder> more) {
        this(UnaryOperator.identity(), time, more);
    }

    public SessionRig(
            UnaryOperator<StorageBackend> broken, @Nullable TimeSource time, UnaryOperator<SessionsBuilder> more) {
        this.used = broken.apply(store);
        this.time = time == null ? real : time;
        this.ids = IdGenerator.timeOrdered(this.time);
        this.more = more;
        this.hooks = hooks();
        this.bus = bus();
        this.state = state();
        this.sessions = sessions();
    }

    private Hooks hooks() {
        return Hooks.builder()
                .time(time)
                .settings(
                        HookSettings.builder().deadline(Duration.ofSeconds(20)).build())
                .ids(ids)
                .settings(PATIENT)
                .awaiter(Awaiter.blocking(real))
                .build();
    }

    private EventBus bus() {
        return Events.builder()
                .time(time)
                .ids(ids)
                .gate(hooks.gate())
                .awaiter(Awaiter.blocking(real))
                .journal(store, codec, Space.EVENTS)
                .build();
    }

    private StateManager state() {
        return States.builder()
                .storage(used)
                .codec(codec)
                .gate(hooks.gate())
                .events(bus)
                .time(time)
                .build();
    }

    private SessionManager sessions() {
        return more.apply(Sessions.builder()
                        .storage(used)
                        .codec(codec)
                        .gate(hooks.gate())
                        .state(state)
                        .events(bus)
                        .time(time)
                        .ids(ids))
                .build();
    }

    /** What is in memory is gone, as after a kill; the store stays. */
    public void restart() {
        sessions.close();
        state.close();
        bus.close();
        hooks.close();
        hooks = hooks();
        bus = bus();
        state = state();
        sessions = sessions();
    }

    public static Caller run() {
        return Caller.host(new CorrelationId("run-" + RUNS.incrementAndGet()));
    }

    public void put(Scope scope, String key, @Nullable Object value) {
        state.as(run()).put(StateKey.of(scope, key), value);
    }

    public @Nullable Object get(Scope scope, String key) {
        return state.as(run())
                .get(StateKey.of(scope, key))
                .map(StateValue::json)
                .orElse(null);
    }

    public List<UniversalEvent> journal(String pattern) {
        return bus.journal()
                .orElseThrow()
                .query(EventQuery.all().types(pattern))
                .map(JournaledEvent::event)
                .toStream()
                .toList();
    }

    /** In how many entries of a space a text stands, keys and values alike. */
    public long entriesWith(Space space, String text) {
        long found = 0;
        try (Cursor cursor = store.scan(space, Range.all())) {
            while (cursor.next()) {
                String all = new String(cursor.entry().key().toArray(), StandardCharsets.ISO_8859_1)
                        + new String(cursor.entry().stored().value().toArray(), StandardCharsets.ISO_8859_1);
                found += all.contains(text) ? 1 : 0;
            }
        }
        return found;
    }

    public long entries(Space space) {
        long found = 0;
        try (Cursor cursor = store.scan(space, Range.all())) {
            while (cursor.next()) {
                found++;
            }
        }
        return found;
    }

    @Override
    public void close() {
        sessions.close();
        state.close();
        bus.close();
        store.close();
        hooks.close();
        real.close();
    }
}
