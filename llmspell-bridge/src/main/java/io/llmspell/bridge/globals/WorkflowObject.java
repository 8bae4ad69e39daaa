package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.core.script.ScriptSession;
import io.llmspell.core.workflow.Workflow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A workflow in scripts. */
final class WorkflowObject implements ScriptObject {
    private static final ScriptObjectType TYPE = ScriptObjectType.of(
            "workflow",
            memberTable(),
            List.of(
                    ScriptFunction.waiting(
                            "execute",
                            "input?",
                            "Runs the workflow; a run that failed has success = false.",
                            call -> call.self(WorkflowObject.class).execute(call, 0)),
                    ScriptFunction.waiting(
                            "checkpoints",
                            "",
                            "Its runs that have not ended, the newest first.",
                            call -> call.self(WorkflowObject.class).checkpoints(call)),
                    ScriptFunction.plain(
                            "get_info",
                            "",
                            "Describes the workflow.",
                            call -> call.self(WorkflowObject.class).row())));

    private final GlobalServices services;
    private final Workflow workflow;
    private final ScriptSession session;
    private Handle owned = Handle.noop();

    WorkflowObject(GlobalServices services, Workflow workflow, ScriptSession session) {
        this.services = services;
        this.workflow = workflow;
        this.session = session;
    }

    private static Map<String, Function<ScriptObject, @Nullable Object>> memberTable() {
        Map<String, Function<ScriptObject, @Nullable Object>> table = new LinkedHashMap<>();
        table.put("type", object -> ((WorkflowObject) object).workflow.type());
        table.put(
                "name", object -> ((WorkflowObject) object).workflow.component().name());
        table.put("id", ScriptObject::id);
        return table;
    }

    Object execute(ScriptCall call, int at) {
        return ResultErrors.shown(workflow.run(call.json(at, JsonLimits.TOOL), call.caller()));
    }

    private Object checkpoints(ScriptCall call) {
        return checkpoints(services, workflow.component().name(), call);
    }

    static Object checkpoints(GlobalServices services, String workflow, ScriptCall call) {
        return services.workflows().checkpoints(workflow, call.caller());
    }

    Object row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", id());
        row.put("name", workflow.component().name());
        row.put("type", workflow.type());
        return row;
    }

    Workflow workflow() {
        return workflow;
    }

    void owned(Handle byEngine) {
        owned = byEngine;
    }

    /** Forgets the workflow with all that is kept for it. */
    boolean forget() {
        owned.close();
        return true;
    }

    ScriptSession session() {
        return session;
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return workflow.component().id().toString();
    }
}
