package io.llmspell.cli;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.state.States;
import io.llmspell.state.session.Sessions;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import io.llmspell.testing.gate.PassThroughGate;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes the state of a session, copies it, spoils it and puts it back until it is killed. Tells on its standard output what
 * it found, {@code L state checkpoint}, and each step that has returned: {@code C number}, {@code R number}.
 */
final class SessionKillChild {
    private static final Set<Space> SPACES = Set.of(Space.META, Space.EVENTS, Space.STATE, Space.SESSIONS, Space.AUDIT);
    private static final Caller CALLER = Caller.host(new CorrelationId("kills"));
    private static final int KEYS = 20;
    private static final int TORN_RESTORE = 3;

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private final StateView state;
    private final Session session;

    private SessionKillChild(StateView state, Session session) {
        this.state = state;
        this.session = session;
    }

    /** Arguments: folder, {@code right} or {@code torn}. */
    public static void main(String[] arguments) {
        SystemTimeSource time = new SystemTimeSource();
        StorageBackend real =
                RocksDbStorage.at(Path.of(arguments[0])).createIfMissing().open(SPACES, time);
        StorageBackend store = arguments[1].equals("torn") ? torn(real) : real;
        Gate gate = new PassThroughGate();
        RecordCodec codec = RecordCodecs.create(JsonCodec.create());
        IdGenerator ids = IdGenerator.timeOrdered(time);
        EventBus bus = Events.builder()
                .time(time)
                .ids(ids)
                .gate(gate)
                .awaiter(Awaiter.blocking(time))
                .journal(store, codec, Space.EVENTS)
                .build();
        StateManager state = States.builder()
                .storage(store)
                .codec(codec)
                .gate(gate)
                .events(bus)
                .time(time)
                .build();
        SessionManager sessions = Sessions.builder()
                .storage(store)
                .codec(codec)
                .gate(gate)
                .events(bus)
                .state(state)
                .time(time)
                .ids(ids)
                .build();
        new SessionKillChild(state.as(CALLER), session(sessions)).run();
    }

    private static Session session(SessionManager sessions) {
        for (SessionInfo info : sessions.list(CALLER)) {
            return sessions.get(info.id(), CALLER);
        }
        return sessions.start(SessionOptions.named("kills"), CALLER);
    }

    private void run() {
        String found = content();
        List<Checkpoint> checkpoints = session.info().checkpoints();
        String copied = "none:0";
        if (!checkpoints.isEmpty()) {
            session.restore(checkpoints.get(checkpoints.size() - 1).id(), CALLER);
            copied = content();
        }
        out.println("L " + found + " " + copied);
        for (long n = Math.max(number(found), number(copied)) + 1; ; n++) {
            write("good:" + n, false);
            String id = session.checkpoint(null, CALLER).id();
            out.println("C " + n);
            write("spoilt:" + n, true);
            session.restore(id, CALLER);
            out.println("R " + n);
        }
    }

    static long number(String content) {
        return Long.parseLong(content.substring(content.indexOf(':') + 1));
    }

    /** All keys in one commit, and with what is spoilt one key more. */
    private void write(String value, boolean more) {
        List<StateChange> changes = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            changes.add(StateChange.Put.of(key("key" + key), value));
        }
        if (more) {
            changes.add(StateChange.Put.of(key("young"), value));
        }
        state.apply(changes).orThrow();
    }

    private StateKey key(String name) {
        return StateKey.of(session.scope(), name);
    }

    /** The one value that all keys have, or what is wrong. */
    private String content() {
        Map<String, ?> all = state.all(session.scope());
        if (all.isEmpty()) {
            return "none:0";
        }
        Set<String> values = new TreeSet<>();
        state.all(session.scope()).values().forEach(value -> values.add(String.valueOf(value.json())));
        String one = values.iterator().next();
        boolean whole = values.size() == 1 && all.size() == (one.startsWith("spoilt") ? KEYS + 1 : KEYS);
        return whole ? one : "torn:0";
    }

    /** The planted fault: a restore is two commits, and the process dies between them. */
    private static StorageBackend torn(StorageBackend store) {
        AtomicInteger restores = new AtomicInteger();
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, given) -> {
                    try {
                        if (method.getName().equals("commit")
                                && given[0] instanceof Batch batch
                                && isRestore(batch)
                                && restores.incrementAndGet() == TORN_RESTORE) {
                            half(store, batch);
                        }
                        return method.invoke(store, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static boolean isRestore(Batch batch) {
        return batch.writes().stream()
                .anyMatch(
                        write -> write instanceof Write.Delete && write.space().equals(Space.STATE));
    }

    private static void half(StorageBackend store, Batch batch) {
        List<Write> puts = batch.writes().stream()
                .filter(write -> write instanceof Write.Put && write.space().equals(Space.STATE))
                .limit(KEYS / 2)
                .toList();
        store.commit(new Batch(puts, batch.mode(), null));
        Runtime.getRuntime().halt(9);
    }
}
