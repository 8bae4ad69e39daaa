package io.llmspell.bridge;

import io.llmspell.bridge.globals.GlobalServices;
import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentException;
import io.llmspell.core.concurrent.Offload;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.gate.OperationTargets;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.text.Nearest;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.core.workflow.WorkflowException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What Redirect and Fork can start, each through its own gate and with the rights of the caller: tools, agents and
 * registered workflows by name, state of other scopes, and events of other types.
 *
 * <p>A step of a workflow is no target, because it lives in its run alone; the way from one step to the next is: there
 * the name of a step is the answer itself.
 */
final class RuntimeTargets implements OperationTargets {
    private static final Set<OperationKind> KINDS = Set.copyOf(EnumSet.of(
            OperationKind.TOOL_CALL,
            OperationKind.AGENT_RUN,
            OperationKind.WORKFLOW_RUN,
            OperationKind.WORKFLOW_TRANSITION,
            OperationKind.STATE_READ,
            OperationKind.STATE_WRITE,
            OperationKind.EVENT_EMIT));

    private final GlobalServices services;

    RuntimeTargets(GlobalServices services) {
        this.services = services;
    }

    @Override
    public Set<OperationKind> kinds() {
        return KINDS;
    }

    @Override
    public Mono<Outcome> start(OperationKind kind, String target, @Nullable Object input, Caller caller) {
        return switch (kind) {
            case TOOL_CALL -> tool(target, input, caller);
            case AGENT_RUN -> agent(target, input, caller);
            case WORKFLOW_RUN -> workflow(target, input, caller);
            case WORKFLOW_TRANSITION -> Mono.just(new Outcome(target));
            case STATE_READ -> offloaded(caller, inside -> read(target, map("a state read", input), inside));
            case STATE_WRITE -> offloaded(caller, inside -> write(target, map("a state write", input), inside));
            case EVENT_EMIT -> event(target, input, caller);
            default ->
                Mono.error(() ->
                        new ArgumentException("operation kind of a redirect or fork", kind.id(), "one of " + KINDS));
        };
    }

    /** A blocking call on a thread that may block. */
    private static Mono<Outcome> offloaded(Caller caller, Function<Caller, Outcome> call) {
        return Offload.mono(caller.token(), stop -> call.apply(caller.limited(stop, caller.deadlineNanos())));
    }

    private static JsonObject map(String what, @Nullable Object input) {
        if (input instanceof JsonObject object) {
            return object;
        }
        if (input == null) {
            return JsonObject.empty();
        }
        throw JsonValueException.mismatch("input of " + what, "a map", input);
    }

    private Mono<Outcome> tool(String name, @Nullable Object input, Caller caller) {
        return Mono.defer(() -> services.tools().executor().invokeAsync(name, map("tool " + name, input), caller))
                .map(RuntimeTargets::orThrow);
    }

    private static Outcome orThrow(ToolResult result) {
        LlmSpellException error = result.error();
        if (error != null) {
            throw error;
        }
        return new Outcome(result.result());
    }

    private Mono<Outcome> agent(String name, @Nullable Object input, Caller caller) {
        return Mono.defer(() -> agent(name).runAsync(asked(input), caller)).map(Outcome::new);
    }

    private Agent agent(String name) {
        return services.agents().registry().find(name).orElseThrow(() -> {
            List<String> names = services.agents().registry().list().stream()
                    .map(agent -> agent.component().name())
                    .toList();
            return new AgentException(
                    ErrorCode.AGENT_NOT_FOUND,
                    "no agent is named \"" + name + "\"" + hint(name, names),
                    Map.of("agent", name, "nearest", Nearest.of(name, names)),
                    null);
        });
    }

    private static String hint(String name, List<String> names) {
        String hint = Nearest.hint(name, names);
        return hint.isEmpty() ? "" : ", " + hint;
    }

    /** A map with a text is the input itself, a text or a prompt becomes one, anything else is asked as its JSON. */
    private JsonObject asked(@Nullable Object input) {
        if (input instanceof String text) {
            return JsonObject.of("text", text);
        }
        if (input instanceof JsonObject map) {
            for (String name : List.of("text", "prompt", "input")) {
                if (map.get(name) instanceof String text) {
                    return name.equals("text") ? map : map.with("text", text);
                }
            }
        }
        return JsonObject.of("text", input == null ? "" : services.json().text(input));
    }

    private Mono<Outcome> workflow(String name, @Nullable Object input, Caller caller) {
        return Mono.defer(() -> found(name).runAsync(input, caller)).map(result -> succeeded(name, result));
    }

    private Workflow found(String name) {
        return services.workflows().find(name).orElseThrow(() -> {
            List<String> names = services.workflows().names();
            return new WorkflowException(
                    ErrorCode.WORKFLOW_NOT_FOUND,
                    "no workflow is registered under the name \"" + name + "\"" + hint(name, names),
                    Map.of("workflow", name, "nearest", Nearest.of(name, names)),
                    null);
        });
    }

    private static Outcome succeeded(String name, JsonObject result) {
        if (Boolean.TRUE.equals(result.get("success"))) {
            return new Outcome(result);
        }
        String message = result.get("error") instanceof JsonObject error ? error.text("message", "") : "";
        throw new WorkflowException(
                ErrorCode.WORKFLOW_FAILED,
                "workflow \"" + name + "\" failed: " + message,
                Map.of("workflow", name),
                null);
    }

    /** Reads a key, or lists the keys where the read has none. */
    private Outcome read(String scope, JsonObject input, Caller caller) {
        StateReader state = services.state().as(caller);
        Scope other = Scope.parse(scope);
        if (!(input.get("key") instanceof String key)) {
            return new Outcome(JsonValues.array(state.keys(other), JsonLimits.TOOL));
        }
        return new Outcome(
                state.get(StateKey.of(other, key)).map(StateValue::json).orElse(null));
    }

    private Outcome write(String scope, JsonObject input, Caller caller) {
        StateKey key = StateKey.of(Scope.parse(scope), input.text("key"));
        String change = input.text("change", "set");
        StateChange wanted = change.equals("set")
                ? new StateChange.Put(key, input.get("value"), ttl(input), stateClass(input))
                : new StateChange.Delete(key);
        StateCommit commit = services.state().as(caller).apply(List.of(wanted));
        return new Outcome(commit.orThrow().version());
    }

    private static @Nullable Duration ttl(JsonObject input) {
        Long millis = JsonValues.whole(input.get("ttl_ms"));
        return millis == null ? null : Duration.ofMillis(millis);
    }

    private static @Nullable StateClass stateClass(JsonObject input) {
        String id = input.text("class", "");
        for (StateClass known : StateClass.values()) {
            if (known.id().equals(id)) {
                return known;
            }
        }
        return null;
    }

    private Mono<Outcome> event(String type, @Nullable Object input, Caller caller) {
        return Mono.defer(() -> services.events().publishAsync(draft(type, input), caller))
                .map(result -> emitted(type, result));
    }

    /** The data of an event's hook point as it is; anything else is the payload. */
    private static EventDraft draft(String type, @Nullable Object input) {
        Component source = Component.named(ComponentType.SYSTEM, "hooks");
        if (!(input instanceof JsonObject shown) || !shown.containsKey("data") || !shown.containsKey("event_type")) {
            return EventDraft.of(type, input, source);
        }
        EventDraft draft = EventDraft.of(type, shown.get("data"), source);
        if (shown.get("tags") instanceof List<?> tags) {
            draft = draft.withTags(Set.copyOf(tags.stream().map(String::valueOf).toList()));
        }
        return shown.get("ttl_seconds") instanceof Number seconds ? draft.withTtl(seconds(seconds)) : draft;
    }

    private static Duration seconds(Number seconds) {
        return Duration.ofNanos(
                new BigDecimal(seconds.toString()).movePointRight(9).longValue());
    }

    private static Outcome emitted(String type, PublishResult result) {
        if (result instanceof PublishResult.Accepted accepted) {
            return new Outcome(JsonObject.of(
                    "event_type", type, "sequence", accepted.sequence(), "matched", (long) accepted.matched()));
        }
        String text = result instanceof PublishResult.Rejected rejected ? rejected.text() : type;
        throw new EventException(ErrorCode.EVENT_REJECTED, text);
    }
}
