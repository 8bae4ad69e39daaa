package io.llmspell.state;

import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.events.Events;
import io.llmspell.hooks.Hooks;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.StoreAuditLog;
import io.llmspell.testing.time.ManualTime;
import java.util.List;
import java.util.Set;

/** A manager with gate, bus and audit log over a memory store, which can be opened again. */
final class AccessHouse implements AutoCloseable {
    static final Principal.Agent ANN = new Principal.Agent("ann");
    static final Principal.Agent BOB = new Principal.Agent("bob");

    final StorageBackend store;
    final ManualTime time;
    final Hooks hooks;
    final EventBus bus;
    final StoreAuditLog log;
    StateManager manager;

    AccessHouse() {
        this(MemoryStorage.create(Set.of(Space.STATE, Space.META, Space.EVENTS, Space.AUDIT)));
    }

    AccessHouse(StorageBackend store) {
        this.store = store;
        time = new ManualTime();
        IdGenerator ids = IdGenerator.timeOrdered(time);
        hooks = Hooks.builder()
                .time(time)
                .ids(ids)
                .awaiter(Awaiter.blocking(time))
                .build();
        bus = Events.builder()
                .time(time)
                .ids(ids)
                .gate(hooks.gate())
                .awaiter(Awaiter.blocking(time))
                .journal(store, Fixture.CODEC, Space.EVENTS)
                .build();
        log = StoreAuditLog.on(store, Fixture.CODEC);
        manager = open(hooks.gate());
        hooks.state(caller -> manager.reader(caller));
    }

    private StateManager open(Gate gate) {
        return States.builder()
                .storage(store)
                .codec(Fixture.CODEC)
                .gate(gate)
                .events(bus)
                .audit(log)
                .time(time)
                .build();
    }

    /** The same store with a new manager, as after a restart. */
    void reopen() {
        manager.close();
        manager = open(hooks.gate());
    }

    StateView as(Principal principal) {
        return manager.as(Fixture.HOST.as(principal));
    }

    StateView host() {
        return manager.as(Fixture.HOST);
    }

    StateAccess access() {
        return manager.access(Fixture.HOST);
    }

    StateAccess access(Principal principal) {
        return manager.access(Fixture.HOST.as(principal));
    }

    List<AuditRecord> audit() {
        return access().audit(AuditQuery.newest(AuditQuery.MOST));
    }

    @Override
    public void close() {
        manager.close();
        bus.close();
        hooks.close();
        store.close();
    }
}
