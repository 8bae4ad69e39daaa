package io.llmspell.cli;

import io.llmspell.agents.AgentPersistence;
import io.llmspell.agents.Agents;
import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.state.Schemas;
import io.llmspell.state.agent.AgentStores;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.tools.Tools;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * An agent that is told numbers, one a start, until it is killed. Says {@code L number} with the last number that it found
 * in the store, then {@code S number} whenever a stop has returned.
 */
final class AgentStopChild {
    private static final Caller CALLER = Caller.host(new CorrelationId("kills"));

    private AgentStopChild() {}

    /** Arguments: folder, {@code right} or {@code unawaited}. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Agent agent = agents(Path.of(arguments[0]), arguments[1].equals("unawaited"))
                .registry()
                .create(AgentConfig.builder("counter").type("basic").build(), CALLER);
        boolean unused = agent.memory().load(CALLER);
        long number = last(agent);
        out.println("L " + number);
        while (true) {
            number++;
            agent.life().start(CALLER);
            agent.run(JsonObject.of("text", String.valueOf(number)), CALLER);
            agent.life().stop("", CALLER);
            out.println("S " + number);
        }
    }

    private static long last(Agent agent) {
        List<JsonObject> said = agent.memory().snapshot().conversation();
        return said.isEmpty() ? 0 : Long.parseLong(said.get(said.size() - 2).text("content"));
    }

    private static Agents agents(Path folder, boolean unawaited) {
        SystemTimeSource time = new SystemTimeSource();
        StorageBackend backend =
                RocksDbStorage.at(folder).createIfMissing().open(Set.of(Space.META, Space.EVENTS, Space.AGENTS), time);
        PassThroughGate gate = new PassThroughGate();
        EventBus bus = Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(gate)
                .awaiter(Awaiter.blocking(time))
                .journal(backend, RecordCodecs.create(JsonCodec.create()), Space.EVENTS)
                .build();
        Tools tools = Tools.builder()
                .gate(gate)
                .events(bus)
                .schemas(Schemas.compiler())
                .time(time)
                .build();
        AgentStore store = AgentStores.builder()
                .storage(backend)
                .codec(RecordCodecs.create(JsonCodec.create()))
                .gate(gate)
                .time(time)
                .events(bus)
                .build();
        return Agents.builder()
                .gate(gate)
                .events(bus)
                .tools(tools.registry(), tools.executor())
                .time(time)
                .store(unawaited ? new Unawaited(store, Executors.newSingleThreadScheduledExecutor()) : store)
                .persistence(AgentPersistence.PRODUCTION)
                .build();
    }

    /** The planted fault: a save is begun long after the caller thinks that it is done. */
    private record Unawaited(AgentStore real, ScheduledExecutorService later) implements AgentStore {
        @Override
        public long save(Component agent, Supplier<AgentRecord> present, Caller caller) {
            AgentRecord record = present.get();
            later.schedule(() -> real.save(agent, () -> record, caller), 30, TimeUnit.SECONDS);
            return 1;
        }

        @Override
        public Optional<AgentRecord> load(Component agent, Caller caller) {
            return real.load(agent, caller);
        }

        @Override
        public boolean delete(Component agent, Caller caller) {
            return real.delete(agent, caller);
        }

        @Override
        public List<String> names(Caller caller) {
            return real.names(caller);
        }
    }
}
