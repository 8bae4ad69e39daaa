package io.llmspell.state;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.state.StateTransaction;
import io.llmspell.core.state.StateUpdate;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.state.StateWatch;
import io.llmspell.core.storage.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** State as one caller sees it: checks the manager, the rights and the arguments, then hands over to the operations. */
final class BoundStateView implements StateView {
    private static final Set<StateOperation> EVERYTHING = EnumSet.allOf(StateOperation.class);

    /** A transaction has counted what it read when it read it. */
    private static final Set<StateOperation> CHANGES = EnumSet.of(StateOperation.WRITE, StateOperation.DELETE);

    /** An update has counted that it writes, too. */
    private static final Set<StateOperation> REMOVAL = EnumSet.of(StateOperation.DELETE);

    private final StateManagerImpl manager;
    private final Caller caller;

    BoundStateView(StateManagerImpl manager, Caller caller) {
        this.manager = manager;
        this.caller = caller;
    }

    @Override
    public Optional<StateValue> get(StateKey key) {
        enter(key, StateOperation.READ);
        return manager.reads().get(key, caller);
    }

    @Override
    public List<String> keys(Scope scope) {
        enter(scope, StateOperation.LIST);
        return manager.reads().keys(scope, caller);
    }

    @Override
    public Map<String, StateValue> all(Scope scope) {
        enter(scope, StateOperation.LIST);
        return manager.reads().all(scope, caller, manager.readable(caller, scope));
    }

    @Override
    public StateCommit apply(List<StateChange> changes) {
        Request request = request(changes, EVERYTHING);
        return manager.writes().apply(request::wanted, request.checks(), caller).commit();
    }

    @Override
    public Mono<StateCommit> applyAsync(List<StateChange> changes) {
        return Mono.defer(() -> {
            Request request = request(changes, EVERYTHING);
            return manager.writes()
                    .applyAsync(request::wanted, request.checks(), caller)
                    .map(StateWrites.Outcome::commit);
        });
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<StateTransaction, T> work) {
        return new Optimism(manager, caller).transact(work, changes -> attempt(changes, CHANGES));
    }

    @Override
    public @Nullable Object update(StateKey key, UnaryOperator<@Nullable Object> change) {
        enter(key, StateOperation.WRITE);
        return new Optimism(manager, caller).update(key, change, changes -> attempt(changes, REMOVAL));
    }

    /** As {@link #apply}, for a caller who tries again: a conflict is told by the last try alone. */
    StateCommit apply(List<StateChange> changes, boolean last) {
        StateWrites.Outcome outcome =
                last ? manager.writes().told(() -> attempt(changes, EVERYTHING), caller) : attempt(changes, EVERYTHING);
        return outcome.commit();
    }

    /** As {@link #apply(List)}, as long as something beside the state stands. */
    StateCommit apply(List<StateChange> changes, Supplier<Write.Expect> tie) {
        Request request = request(changes, EVERYTHING);
        return manager.writes().apply(request::wanted, tie, caller).commit();
    }

    private StateWrites.Outcome attempt(List<StateChange> changes, Set<StateOperation> counted) {
        Request request = request(changes, counted);
        return manager.writes().attempt(request::wanted, request.checks(), caller);
    }

    @Override
    public Flux<StateUpdate> watch(StateWatch watch) {
        return new BoundWatch(manager, caller, watch).updates();
    }

    @Override
    public boolean delete(StateKey key) {
        enter(key, StateOperation.DELETE);
        return removed(() -> List.of(Wanted.removal(key, Change.DELETE))) > 0;
    }

    private int removed(Supplier<List<Wanted>> changes) {
        StateWrites.Outcome outcome = manager.writes().apply(changes, List.of(), caller);
        outcome.commit().orThrow();
        return outcome.removed();
    }

    @Override
    public int clear(Scope scope) {
        enter(scope, StateOperation.DELETE);
        return removed(() -> manager.store().list(scope, false).keySet().stream()
                .map(key -> Wanted.removal(StateKey.of(scope, key), Change.CLEAR))
                .toList());
    }

    private void enter(Scope scope, StateOperation operation) {
        manager.enter(caller, scope, operation, null);
    }

    private void enter(StateKey key, StateOperation operation) {
        manager.enter(caller, key.scope(), operation, key.key());
    }

    private static StateOperation operation(StateChange change) {
        if (change instanceof StateChange.Check) {
            return StateOperation.READ;
        }
        return change instanceof StateChange.Put ? StateOperation.WRITE : StateOperation.DELETE;
    }

    /** A caller's changes, taken apart. */
    private record Request(List<Wanted> wanted, List<StateChange.Check> checks) {}

    /**
     * Takes changes apart.
     *
     * @param counted which of them are attempts of their own; the others were counted with what led to them
     */
    private Request request(List<StateChange> changes, Set<StateOperation> counted) {
        if (changes.isEmpty()) {
            throw new ArgumentException("changes", "empty", "at least one change");
        }
        List<Wanted> wanted = new ArrayList<>(changes.size());
        List<StateChange.Check> checks = new ArrayList<>();
        for (StateChange change : changes) {
            StateOperation operation = operation(change);
            if (counted.contains(operation) || !manager.allows(caller, change.key(), operation)) {
                enter(change.key(), operation);
            }
            if (change instanceof StateChange.Check check) {
                checks.add(check);
            } else if (change instanceof StateChange.Put put) {
                wanted.add(set(put));
            } else {
                wanted.add(Wanted.removal(change.key(), Change.DELETE));
            }
        }
        return new Request(wanted, checks);
    }

    private Wanted set(StateChange.Put put) {
        Object json = JsonValues.checked(put.json(), manager.store().limits());
        StateClass stateClass = manager.classOf(put.key(), put.stateClass(), caller);
        return new Wanted(put.key(), Change.SET, json, true, ttl(put), stateClass);
    }

    private static @Nullable Duration ttl(StateChange.Put put) {
        Duration ttl = put.ttl();
        if (ttl != null && (ttl.isNegative() || ttl.isZero())) {
            throw new ArgumentException("time to live of " + put.key(), ttl.toString(), "positive");
        }
        return ttl;
    }
}
