package io.llmspell.bridge.globals;

import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.workflows.StepContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The context of a function step in scripts. Names that it does not have are looked up in the input of the run. */
final class StepContextObject implements ScriptObject {
    private static final ScriptObjectType TYPE = new ScriptObjectType(
            "step context",
            memberTable(),
            List.of(),
            null,
            (object, name) ->
                    ((StepContextObject) object).context.input() instanceof Map<?, ?> input ? input.get(name) : null,
            null,
            false);

    private final StepContext context;

    StepContextObject(StepContext context) {
        this.context = context;
    }

    private static Map<String, Function<ScriptObject, @Nullable Object>> memberTable() {
        Map<String, Function<ScriptObject, @Nullable Object>> table = new LinkedHashMap<>();
        member(table, "workflow_id", StepContext::workflowId);
        member(table, "workflow_name", StepContext::workflowName);
        member(table, "input", StepContext::input);
        member(table, "steps", context -> ResultErrors.steps(context.steps()));
        member(table, "step_name", StepContext::stepName);
        member(table, "attempt", context -> (long) context.attempt());
        member(table, "idempotency_key", StepContext::idempotencyKey);
        member(table, "correlation_id", StepContext::correlationId);
        member(table, "state", SharedStateObject::new);
        member(table, "shared", SharedStateObject::new);
        return table;
    }

    private static void member(
            Map<String, Function<ScriptObject, @Nullable Object>> table,
            String name,
            Function<StepContext, @Nullable Object> read) {
        table.put(name, object -> read.apply(((StepContextObject) object).context));
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return context.workflowId() + "/" + context.stepName();
    }

    /** The state of the run, live: assignments are seen by later steps. */
    private static final class SharedStateObject implements ScriptObject {
        private static final ScriptObjectType SHARED = new ScriptObjectType(
                "workflow state",
                Map.of(),
                List.of(),
                null,
                (object, name) -> ((SharedStateObject) object).context.state().get(name),
                SharedStateObject::write,
                false);

        private final StepContext context;

        SharedStateObject(StepContext context) {
            this.context = context;
        }

        private static void write(ScriptObject object, String name, @Nullable Object value) {
            Map<String, @Nullable Object> state = ((SharedStateObject) object).context.state();
            if (value == null) {
                state.remove(name);
            } else {
                state.put(name, ScriptCall.plain(value));
            }
        }

        @Override
        public ScriptObjectType type() {
            return SHARED;
        }

        @Override
        public Map<String, @Nullable Object> listed() {
            return context.state();
        }

        @Override
        public String id() {
            return "state of " + context.workflowName();
        }
    }
}
