package io.llmspell.state.agent;

import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.notice.Violation;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.storage.StorageException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets each call take its turn and pass the gate, then hands it to the shelf. */
final class AgentStoreImpl implements AgentStore {
    private static final HookPoint SAVE = new HookPoint("agent_state_save");
    private static final HookPoint LOAD = new HookPoint("agent_state_load");
    private static final HookPoint DELETE = new HookPoint("agent_state_delete");
    private static final Set<HookResultKind> REFUSE =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL);
    private static final Set<HookResultKind> CHANGE =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL, HookResultKind.MODIFIED);

    private final RecordShelf shelf;
    private final AgentTurns turns;
    private final RecordEvents events;
    private final Notices notices;
    private final @Nullable StateManager rights;
    private final Passage<RecordView.Input, Long> saves;
    private final Passage<RecordView.Input, Optional<AgentRecord>> loads;
    private final Passage<RecordView.Input, Boolean> deletes;

    AgentStoreImpl(
            RecordShelf shelf,
            AgentTurns turns,
            Gate gate,
            RecordEvents events,
            Notices notices,
            @Nullable StateManager rights) {
        this.rights = rights;
        this.shelf = shelf;
        this.turns = turns;
        this.events = events;
        this.notices = notices;
        saves = gate.passage(Operation.of(OperationKind.AGENT_RECORD, new RecordView.Change<Long>())
                .point(SAVE, Step.Stage.BEFORE, CHANGE)
                .run(this::saved));
        loads = gate.passage(Operation.of(OperationKind.AGENT_RECORD, new RecordView.Load())
                .point(LOAD, Step.Stage.AFTER, CHANGE)
                .run((input, caller) -> shelf.load(input.agent().name())));
        deletes = gate.passage(Operation.of(OperationKind.AGENT_RECORD, new RecordView.Change<Boolean>())
                .point(DELETE, Step.Stage.BEFORE, REFUSE)
                .run(this::deleted));
    }

    private Long saved(RecordView.Input input, Caller caller) {
        AgentRecord record = input.record().get().orElseThrow();
        String version = record.members().text("schema_version");
        return shelf.save(
                record,
                caller,
                bytes -> events.stage(
                        "agent.state.saved",
                        input.agent(),
                        Map.of("schema_version", version, "size_bytes", bytes),
                        caller));
    }

    private Boolean deleted(RecordView.Input input, Caller caller) {
        return shelf.delete(
                input.agent().name(),
                bytes -> events.stage(
                        "agent.state.deleted",
                        input.agent(),
                        Map.of("schema_version", AgentRecord.SCHEMA_VERSION),
                        caller));
    }

    @Override
    public long save(Component agent, Supplier<AgentRecord> present, Caller caller) {
        enter(agent, "save", StateOperation.WRITE, caller);
        return inTurn(agent, caller, () -> {
            AgentRecord record = present.get();
            if (!record.name().equals(agent.name())) {
                throw new ArgumentException("agent_name of a record", record.name(), "that of " + agent);
            }
            return saves.call(agent, RecordView.Input.of(agent, record), caller);
        });
    }

    @Override
    public Optional<AgentRecord> load(Component agent, Caller caller) {
        enter(agent, "load", StateOperation.READ, caller);
        Optional<AgentRecord> found =
                inTurn(agent, caller, () -> loads.call(agent, new RecordView.Input(agent, Optional::empty), caller));
        found.ifPresent(record -> events.loaded(agent, record, caller));
        return found;
    }

    @Override
    public boolean delete(Component agent, Caller caller) {
        enter(agent, "delete", StateOperation.DELETE, caller);
        return inTurn(
                agent, caller, () -> deletes.call(agent, new RecordView.Input(agent, () -> readable(agent)), caller));
    }

    /** What hooks see of a record that goes; one that is damaged can go too. */
    private Optional<AgentRecord> readable(Component agent) {
        try {
            return shelf.load(agent.name());
        } catch (StorageException damaged) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> names(Caller caller) {
        enter(Component.named(ComponentType.AGENT, "*"), "list", StateOperation.LIST, caller);
        return shelf.names();
    }

    private <T> T inTurn(Component agent, Caller caller, Supplier<T> work) {
        return turns.take(AgentKeys.of(agent.name()).head(), agent.name(), caller, work);
    }

    /** An agent may use its own record alone; workflow runs have none. */
    private void enter(Component agent, String action, StateOperation operation, Caller caller) {
        Principal principal = caller.principal();
        if (rights != null && principal instanceof Principal.Agent) {
            rights.access(caller).check(Scope.agent(agent.id().toString()), operation, null);
        }
        boolean foreign = principal instanceof Principal.Agent other
                && !other.id().equals(agent.id().toString());
        if (!foreign && !(principal instanceof Principal.Workflow)) {
            return;
        }
        notices.violated(Violation.denied("agent_record", agent.name()), agent, caller);
        throw new StateException(
                ErrorCode.ACCESS_DENIED,
                principal.text() + " may not " + action + " the record of " + agent
                        + "; an agent may use its own alone",
                Map.of("principal", principal.text(), "agent", agent.name(), "action", action),
                null);
    }
}
