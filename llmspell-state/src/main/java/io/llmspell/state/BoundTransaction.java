package io.llmspell.state;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateTransaction;
import io.llmspell.core.state.StateValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one try of a transaction has read and wants to change.
 *
 * <p>The version of a key is noted before its value is read, so that a change between the two is found; it is the one of
 * the store, also where a hook gives another value.
 */
final class BoundTransaction implements StateTransaction {
    private final Function<StateKey, Optional<StateValue>> values;
    private final Function<StateKey, Cell> cells;
    private final Map<StateKey, Optional<StateValue>> read = new LinkedHashMap<>();
    private final Map<StateKey, Long> versions = new LinkedHashMap<>();
    private final List<StateChange> checks = new ArrayList<>();
    private final Map<StateKey, StateChange> changes = new LinkedHashMap<>();
    private boolean ended;

    BoundTransaction(Function<StateKey, Optional<StateValue>> values, Function<StateKey, Cell> cells) {
        this.values = values;
        this.cells = cells;
    }

    <T extends @Nullable Object> T run(Function<StateTransaction, T> work) {
        try {
            return work.apply(this);
        } finally {
            ended = true;
        }
    }

    private void open() {
        if (ended) {
            throw new InvalidStateException("the transaction has ended with its function; begin another");
        }
    }

    @Override
    public Optional<StateValue> get(StateKey key) {
        open();
        StateChange change = changes.get(key);
        if (change != null) {
            return change instanceof StateChange.Put put
                    ? Optional.of(new StateValue(put.json(), 0))
                    : Optional.empty();
        }
        Optional<StateValue> known = read.get(key);
        return known != null ? known : look(key);
    }

    private Optional<StateValue> look(StateKey key) {
        long version = cells.apply(key).revision();
        Optional<StateValue> value = values.apply(key);
        versions.put(key, version);
        read.put(key, value);
        return value;
    }

    @Override
    public void apply(StateChange change) {
        open();
        if (change instanceof StateChange.Check) {
            checks.add(change);
        } else {
            changes.remove(change.key());
            changes.put(change.key(), change instanceof StateChange.Put put ? checked(put) : change);
        }
    }

    private static StateChange.Put checked(StateChange.Put put) {
        Object json = JsonValues.checked(put.json(), JsonLimits.VALUE);
        return new StateChange.Put(put.key(), json, put.ttl(), put.stateClass());
    }

    @Override
    public List<StateChange> changes() {
        List<StateChange> all = new ArrayList<>();
        versions.forEach((key, version) -> all.add(new StateChange.Check(key, version)));
        all.addAll(checks);
        all.addAll(changes.values());
        return List.copyOf(all);
    }
}
