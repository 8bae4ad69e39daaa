package io.llmspell.state;

import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The reading operations: each read and each listing passes the gate, with all hooks or, quietly and for values of
 * unobserved classes, with guards alone.
 */
final class StateReads {
    /** Nothing of a read's input can be changed. */
    private static final Set<HookResultKind> BEFORE = EnumSet.complementOf(EnumSet.of(HookResultKind.MODIFIED));

    /** What has been read cannot be read again in another scope. */
    private static final Set<HookResultKind> AFTER = EnumSet.complementOf(EnumSet.of(HookResultKind.REDIRECT));

    private final StateStore store;
    private final Passage<Reading, Cell> read;
    private final Passage<Listing, Map<String, Cell>> list;

    StateReads(StateStore store, Gate gate, boolean quiet) {
        this.store = store;
        ReadView view = new ReadView(reading -> cell(reading).stateClass(), store.secrets());
        Predicate<Reading> unobserved = quiet
                ? reading -> true
                : reading -> ClassRules.unobserved(cell(reading).stateClass());
        read = gate.passage(points(Operation.of(OperationKind.STATE_READ, view))
                .guardsOnly(unobserved)
                .run((reading, caller) -> cell(reading)));
        list = gate.passage(points(Operation.of(OperationKind.STATE_READ, new ListView()))
                .guardsOnly(listing -> quiet)
                .run((listing, caller) -> store.list(listing.scope(), listing.values())));
    }

    private static <I, O> Operation.Builder<I, O> points(Operation.Builder<I, O> operation) {
        return operation
                .point(HookPoint.BEFORE_STATE_READ, Step.Stage.BEFORE, BEFORE)
                .point(HookPoint.AFTER_STATE_READ, Step.Stage.AFTER, AFTER);
    }

    private Cell cell(Reading reading) {
        Cell found = reading.found();
        return found == null ? store.live(reading.key()) : found;
    }

    /** A value that is in memory is handed out at once if the gate has nothing to do. */
    Optional<StateValue> get(StateKey key, Caller caller) {
        if (read.idle(caller)) {
            Cell cell = store.atHand(key);
            if (cell != null) {
                return cell.value();
            }
        }
        return read.call(ChangeEvents.STATE, new Reading(key, caller.principal(), null), caller)
                .value();
    }

    /** What hooks leave of a value that was found already. */
    Optional<StateValue> shown(StateKey key, Cell found, Caller caller) {
        return read.call(ChangeEvents.STATE, new Reading(key, caller.principal(), found), caller)
                .value();
    }

    List<String> keys(Scope scope, Caller caller) {
        return List.copyOf(list.call(ChangeEvents.STATE, new Listing(scope, caller.principal(), false), caller)
                .keySet());
    }

    /**
     * One listing, then one read for each key, so that a hook that guards a key guards it here too. Keys that the caller
     * may not read are left out.
     */
    Map<String, StateValue> all(Scope scope, Caller caller, Predicate<String> readable) {
        Principal principal = caller.principal();
        Map<String, StateValue> values = new LinkedHashMap<>();
        list.call(ChangeEvents.STATE, new Listing(scope, principal, true), caller)
                .forEach((name, cell) -> {
                    if (!readable.test(name)) {
                        return;
                    }
                    Reading reading = new Reading(StateKey.of(scope, name), principal, cell.present() ? cell : null);
                    read.call(ChangeEvents.STATE, reading, caller).value().ifPresent(value -> values.put(name, value));
                });
        return Collections.unmodifiableMap(values);
    }
}
