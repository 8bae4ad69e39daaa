package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.core.workflow.WorkflowException;
import io.llmspell.workflows.WorkflowFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
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
        return ScriptModule.of(
                "Workflow",
                "Steps in an order.",
                List.of(
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
                        ScriptFunction.waiting(
                                "resume",
                                "workflow, or the id of a run",
                                "Goes on with a run that was interrupted; gives its result.",
                                workflow::resume),
                        ScriptFunction.waiting(
                                "checkpoints",
                                "id or name?",
                                "The runs that have not ended, the newest first.",
                                workflow::checkpoints),
                        ScriptFunction.plain("list", "", "The workflows of this script.", workflow::list),
                        ScriptFunction.plain(
                                "get",
                                "id or name",
                                "Gives a workflow, or nil.",
                                call -> workflow.own(call, call.text(0, "id or name"))
                                        .orElse(null)),
                        ScriptFunction.plain(
                                "remove",
                                "workflow",
                                "Forgets a workflow; gives whether it was there.",
                                call -> workflow.own(call, call.text(0, "workflow"))
                                        .map(WorkflowObject::forget)
                                        .orElse(false)),
                        ScriptFunction.plain(
                                "clear",
                                "",
                                "Forgets all workflows of this script; gives how many there were.",
                                workflow::clear)));
    }

    private Object sequential(ScriptCall call) {
        List<ScriptCallback> functions = new ArrayList<>();
        Workflow built = services.workflows()
                .sequential(converted(
                        call.map(0, "definition"), functions, call.caller().principal()));
        WorkflowObject object = new WorkflowObject(services, built, call.session());
        made.put(object.id(), object);
        List<Handle> kept = functions.stream().map(ScriptCallback::retain).toList();
        Handle named = services.workflows().register(built);
        object.owned(call.session().own(() -> {
            named.close();
            made.remove(object.id());
            kept.forEach(Handle::close);
        }));
        return object;
    }

    private Map<?, ?> converted(Map<?, ?> map, List<ScriptCallback> functions, Principal maker) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put(String.valueOf(name), converted(value, functions, maker)));
        return copy;
    }

    /** Functions of the script become function steps, handles what they stand for. */
    private @Nullable Object converted(@Nullable Object value, List<ScriptCallback> functions, Principal maker) {
        if (value instanceof ScriptCallback function) {
            functions.add(function);
            return step(function, maker);
        }
        if (value instanceof ScriptObject object) {
            return meant(object);
        }
        if (value instanceof Map<?, ?> map) {
            return converted(map, functions, maker);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(converted(element, functions, maker)));
            return copy;
        }
        return value;
    }

    private static Object meant(ScriptObject object) {
        if (object instanceof AgentObject agent) {
            return agent.agent();
        }
        return object instanceof WorkflowObject workflow ? workflow.workflow() : object.id();
    }

    private static WorkflowFunction step(ScriptCallback function, Principal maker) {
        return context -> ScriptCall.plain(function.call(
                Rights.of(context.caller(), maker).in(function.session().language()),
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

    private Object resume(ScriptCall call) {
        return ResultErrors.shown(
                call.raw(0) instanceof WorkflowObject object
                        ? services.workflows().resume(object.workflow(), call.caller())
                        : services.workflows().resume(call.text(0, "workflow or run"), call.caller()));
    }

    private Object checkpoints(ScriptCall call) {
        String of = call.raw(0) instanceof WorkflowObject object
                ? object.workflow().component().name()
                : call.text(0, "id or name", "");
        return WorkflowObject.checkpoints(services, of, call);
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
                .sorted(Comparator.comparing(each -> each.workflow().component().name()))
                .toList();
    }

    private Object list(ScriptCall call) {
        return rows(call).stream().map(WorkflowObject::row).toList();
    }

    private Object clear(ScriptCall call) {
        List<WorkflowObject> all = rows(call);
        all.forEach(WorkflowObject::forget);
        return (long) all.size();
    }
}
