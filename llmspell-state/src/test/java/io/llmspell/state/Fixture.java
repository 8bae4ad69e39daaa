package io.llmspell.state;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.TimeSource;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A manager over a memory store, with the callers and keys that the tests use. */
final class Fixture implements AutoCloseable {
    static final CorrelationId RUN = new CorrelationId("run-1");
    static final Caller HOST = Caller.host(RUN);
    static final Caller SCRIPT = Caller.of(new Principal.Script("lua-1", "main.lua"), Language.LUA, RUN);
    static final StateKey KEY = StateKey.of(Scope.GLOBAL, "key");
    static final RecordCodec CODEC = RecordCodecs.create(JsonCodec.create(), KeyRing.inMemory());

    final StorageBackend store;
    final StateManager manager;

    Fixture(Gate gate, TimeSource time) {
        this(newStore(), gate, time, null);
    }

    Fixture(StorageBackend store, Gate gate, TimeSource time, @Nullable EventBus bus) {
        this.store = store;
        StatesBuilder builder = States.builder()
                .storage(store)
                .codec(CODEC)
                .gate(gate)
                .time(time)
                .cacheSize(100)
                .ephemeralLimit(20);
        manager = (bus == null ? builder : builder.events(bus)).build();
    }

    static StorageBackend newStore() {
        return MemoryStorage.create(Set.of(Space.STATE, Space.META, Space.EVENTS, Space.AGENTS, Space.SESSIONS));
    }

    StateView host() {
        return manager.as(HOST);
    }

    StateView as(Principal principal) {
        return manager.as(HOST.as(principal));
    }

    static StateKey key(String key) {
        return StateKey.of(Scope.GLOBAL, key);
    }

    @Override
    public void close() {
        manager.close();
        store.close();
    }
}
