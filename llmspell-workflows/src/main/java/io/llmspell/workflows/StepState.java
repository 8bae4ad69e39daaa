package io.llmspell.workflows;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import java.util.AbstractMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state of a run as the code of one step sees it: each write passes the hooks of shared data. */
final class StepState extends AbstractMap<String, @Nullable Object> {
    private final SharedState state;
    private final SequentialRun run;
    private final WorkflowStep step;
    private final Caller caller;

    StepState(SharedState state, SequentialRun run, WorkflowStep step, Caller caller) {
        this.state = state;
        this.run = run;
        this.step = step;
        this.caller = caller;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return state.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return state.containsKey(key);
    }

    @Override
    public @Nullable Object put(String key, @Nullable Object value) {
        return write(key, JsonValues.checked(value, JsonLimits.VALUE));
    }

    @Override
    public @Nullable Object remove(@Nullable Object key) {
        return key instanceof String name && state.containsKey(name) ? write(name, null) : null;
    }

    private @Nullable Object write(String key, @Nullable Object value) {
        Object old = state.get(key);
        run.engine().sharedData().call(run.component(), new SharedDataView.Input(run, step, key, old, value), caller);
        return old;
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        return state.entrySet();
    }
}
