package io.llmspell.cli;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.state.States;
import io.llmspell.state.sharing.Channel;
import io.llmspell.state.sharing.ChannelMessage;
import io.llmspell.state.sharing.ChannelPlan;
import io.llmspell.state.sharing.Sharing;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Changes state with four threads until it is killed, and tells each change on its standard output after it was
 * acknowledged: {@code thread number}. A fifth one sends numbers to a channel and receives some of them, and tells each
 * with a full stop, so that a line that was cut is none: {@link #SENT}, {@link #RECEIVED}, and {@link #DRAINED} once it has
 * received all that was there at its start.
 */
final class ChangeKillChild {
    static final int THREADS = 4;
    static final int SENT = 4;
    static final int RECEIVED = 5;
    static final int DRAINED = 6;
    private static final int TORN_CHANGE = 50;
    static final Set<Space> SPACES = Set.of(Space.STATE, Space.META, Space.EVENTS);
    static final RecordCodec CODEC = RecordCodecs.create(JsonCodec.create());

    private static final Caller CALLER = Caller.host(new CorrelationId("kills"));

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private final StateView state;

    private ChangeKillChild(StateView state) {
        this.state = state;
    }

    /** Arguments: folder, first number, write mode, {@code right} or one of the planted faults {@code late, memory}. */
    public static void main(String[] arguments) {
        SystemTimeSource time = new SystemTimeSource();
        StorageBackend store =
                RocksDbStorage.at(Path.of(arguments[0])).createIfMissing().open(SPACES, time);
        EventBus bus = Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(new PassThroughGate())
                .awaiter(Awaiter.blocking(time))
                .journal(store, CODEC, Space.EVENTS)
                .build();
        StateManager manager = States.builder()
                .storage(store)
                .codec(CODEC)
                .gate(new PassThroughGate())
                .events(arguments[3].equals("late") ? late(bus) : bus)
                .writeMode(WriteMode.valueOf(arguments[2]))
                .build();
        ChangeKillChild child = new ChangeKillChild(manager.as(CALLER));
        long first = Long.parseLong(arguments[1]);
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            new Thread(() -> child.run(thread, first)).start();
        }
        Channel channel =
                Sharing.over(manager, time).create(ChannelPlan.pipeline("kills", List.of("writer", "reader")), CALLER);
        new Thread(() -> child.messages(channel, first, arguments[3].equals("memory"))).start();
    }

    /**
     * Receives what is there, then sends, and receives two messages for each three that it has sent.
     *
     * @param inMemory the planted fault: what was sent is acknowledged while it is in memory alone
     */
    private void messages(Channel channel, long first, boolean inMemory) {
        Caller writer = CALLER.as(new Principal.Agent("writer"));
        Caller reader = CALLER.as(new Principal.Agent("reader"));
        while (received(channel, reader)) {}
        tell(DRAINED + " " + first + ".");
        for (long n = first; ; n++) {
            if (!inMemory) {
                channel.send(n, writer);
            }
            tell(SENT + " " + n + ".");
            if (n % 3 != 0) {
                boolean unused = received(channel, reader);
            }
        }
    }

    private boolean received(Channel channel, Caller reader) {
        Optional<ChannelMessage> next = channel.receive(reader);
        next.ifPresent(message -> tell(RECEIVED + " " + message.payload() + "."));
        return next.isPresent();
    }

    private void tell(String line) {
        synchronized (out) {
            out.println(line);
        }
    }

    /** A key of a thread. */
    static StateKey key(int thread, String name) {
        return StateKey.of(Scope.agent("thread-" + thread), name);
    }

    /** A single put, a batch, a transaction over two scopes and a removal, in turn. */
    private void run(int thread, long first) {
        for (long n = first; ; n++) {
            long number = n;
            switch ((int) (n % 4)) {
                case 0 -> state.put(key(thread, "single"), number);
                case 1 ->
                    state.apply(List.of(
                                    StateChange.Put.of(key(thread, "a"), number),
                                    StateChange.Put.of(key(thread, "b"), number),
                                    StateChange.Put.of(key(thread, "c"), number)))
                            .orThrow();
                case 2 ->
                    state.transact(transaction -> {
                        transaction.get(key(thread, "left"));
                        transaction.put(key(thread, "left"), number);
                        transaction.put(StateKey.of(Scope.GLOBAL, "right-" + thread), number);
                        return true;
                    });
                default -> {
                    if (n % 8 == 3) {
                        state.put(key(thread, "gone"), number);
                    } else {
                        state.delete(key(thread, "gone"));
                    }
                }
            }
            tell(thread + " " + n);
        }
    }

    /** The planted fault: the event is kept after the batch and not in it, and the process dies between them. */
    private static EventBus late(EventBus bus) {
        AtomicInteger left = new AtomicInteger(TORN_CHANGE);
        return (EventBus) Proxy.newProxyInstance(
                EventBus.class.getClassLoader(), new Class<?>[] {EventBus.class}, (proxy, method, given) -> {
                    try {
                        Object result = method.invoke(bus, given);
                        return result instanceof StagedEvent staged
                                ? new Late(staged, bus, (EventDraft) given[0], left)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static final class Late implements StagedEvent {
        private final StagedEvent staged;
        private final EventBus bus;
        private final EventDraft draft;
        private final AtomicInteger left;
        private long version;

        Late(StagedEvent staged, EventBus bus, EventDraft draft, AtomicInteger left) {
            this.staged = staged;
            this.bus = bus;
            this.draft = draft;
            this.left = left;
        }

        @Override
        public Optional<Write> write() {
            return Optional.empty();
        }

        @Override
        public void committed(Commit.Done done) {
            version = done.number();
            staged.dropped();
        }

        @Override
        public void publish() {
            if (left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(9);
            }
            JsonObject payload = (JsonObject) Objects.requireNonNull(draft.payload());
            bus.publish(EventDraft.of(draft.type(), payload.with("version", version), draft.source()), CALLER);
        }

        @Override
        public void dropped() {
            staged.dropped();
        }
    }
}
