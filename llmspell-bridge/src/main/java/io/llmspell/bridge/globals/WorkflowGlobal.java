package io.llmspell.bridge.globals;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.core.workflow.WorkflowException;
import io.llmspell.workflows.WorkflowFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The global {@code Workflow}: make workflows and run them. */
final class WorkflowGlobal {
    /** How long a function step may run, as {@code default_step_timeout_ms} says. */
    private static final Duration STEP_LIMIT = Duration.ofSeconds(30);

    private final GlobalServices services;
    private final Map<String, WorkflowObject> made = new ConcurrentHashMap<>();

    private WorkflowGlobal(GlobalServices services) {
        this.services = services;
    }

    static ScriptModule describe(GlobalServices services) {
        WorkflowGlobal workflow = new WorkflowGlobal(services);
        return ScriptModule.of("Workflow", "Steps in an order.", List.of(
                ScriptFunction.plain(
                        "sequential",
                        "{name, steps = {{name, tool, agent, execute or workflow, input, ...}, ...}}",
                        "Makes a workflow whose steps run one after the other.",
                        workflow::sequential),
                ScriptFunction.waiting(
                        "execute",
                        "workflow, input?",
                        "Runs a workflow; a run that failed has success = false.",
                        call -> workflow.find(call).execute(call, 1)),
                ScriptFunction.plain("list", "", "The workflows of this script.", workflow::list),
                ScriptFunction.plain("get", "id or name", "Gives a workflow, or nil.", call -> workflow.own(
                                call, call.text(0, "id or name"))
                        .orElse(null)),
                ScriptFunction.plain(
                        "remove",
                        "workflow",
                        "Forgets a workflow; gives whether it was there.",
                        call -> workflow.own(call, call.text(0, "workflow"))
                                .map(found -> workflow.made.remove(found.id(), found))
                                .orElse(false)),
                ScriptFunction.plain(
                        "clear",
                        "",
                        "Forgets all workflows of this script; gives how many there were.",
                        workflow::clear)));
    }

    private Object sequential(ScriptCall call) {
        Map<String, @Nullable Object> definition = call.map(0, "definition");
        Workflow built = services.workflows().sequential(converted(definition));
        WorkflowObject object = new WorkflowObject(built, call.session());
        made.put(object.id(), object);
        call.session().own(() -> made.remove(object.id()));
        return object;
    }

    private Map<?, ?> converted(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put(String.valueOf(name), converted(value)));
        return copy;
    }

    /** Functions of the script become function steps, handles what they stand for. */
    private @Nullable Object converted(@Nullable Object value) {
        if (value instanceof ScriptCallback function) {
            return step(function);
        }
        if (value instanceof AgentObject agent) {
            return agent.agent();
        }
        if (value instanceof WorkflowObject workflow) {
            return workflow.workflow();
        }
        if (value instanceof Map<?, ?> map) {
            return converted(map);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(converted(element)));
            return copy;
        }
        return value;
    }

    private static WorkflowFunction step(ScriptCallback function) {
        return context -> ScriptCall.plain(function.call(
                context.caller()
                        .as(function.session().caller().principal())
                        .in(function.session().language()),
                STEP_LIMIT,
                new StepContextObject(context)));
    }

    private WorkflowObject find(ScriptCall call) {
        if (call.raw(0) instanceof WorkflowObject object) {
            return object;
        }
        String name = call.text(0, "workflow");
        return own(call, name)
                .orElseThrow(() -> new WorkflowException(
                        ErrorCode.WORKFLOW_NOT_FOUND,
                        "no workflow of this script has the id or name \"" + name + "\"",
                        Map.of("workflow", name),
                        null));
    }

    private Optional<WorkflowObject> own(ScriptCall call, String name) {
        return rows(call).stream()
                .filter(each -> each.id().equals(name)
                        || each.workflow().component().name().equals(name))
                .findFirst();
    }

    private List<WorkflowObject> rows(ScriptCall call) {
        return made.values().stream()
                .filter(each -> each.session() == call.session())
                .sorted(java.util.Comparator.comparing(
                        each -> each.workflow().component().name()))
                .toList();
    }

    private Object list(ScriptCall call) {
        return rows(call).stream().map(WorkflowObject::row).toList();
    }

    private Object clear(ScriptCall call) {
        List<WorkflowObject> all = rows(call);
        all.forEach(each -> made.remove(each.id()));
        return (long) all.size();
    }
}
