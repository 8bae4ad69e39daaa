package io.llmspell.bridge.globals;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.core.script.ScriptRecord;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateOperation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An agent in scripts. */
final class AgentObject implements ScriptObject {
    private static final Set<String> OPTIONS = Set.of("timeout_ms");
    private static final ScriptObjectType TYPE = ScriptObjectType.of(
            "agent",
            memberTable(),
            List.of(
                    ScriptFunction.waiting(
                            "invoke = execute",
                            "text or {text = ...}, {timeout_ms}?",
                            "Answers an input.",
                            call -> self(call).invoke(call)),
                    ScriptFunction.waiting(
                            "complete",
                            "text or {text = ...}, {timeout_ms}?",
                            "Answers with a text.",
                            call -> self(call).answer(call).text("text")),
                    ScriptFunction.waiting(
                            "invoke_tool",
                            "name, params",
                            "Calls a tool with the rights of the agent.",
                            call -> self(call).invokeTool(call)),
                    ScriptFunction.plain(
                            "has_tool",
                            "name",
                            "Whether the agent may call a tool.",
                            call -> self(call).mayUse(call.text(0, "name"))),
                    ScriptFunction.plain(
                            "get_state = get_agent_state",
                            "",
                            "The state of the agent, such as ready.",
                            call -> self(call).agent.state().id()),
                    ScriptFunction.plain(
                            "get_state_history",
                            "",
                            "The newest changes of its state, oldest first: {from, to, trigger, reason, timestamp}.",
                            call -> AgentLifeCalls.history(self(call).agent)),
                    ScriptFunction.plain(
                            "get_last_error",
                            "",
                            "What put the agent in error last, {code, message}, or nil.",
                            call -> AgentLifeCalls.lastError(self(call).agent)),
                    ScriptFunction.plain(
                            "is_healthy",
                            "",
                            "Whether the agent can take a run or does.",
                            call -> AgentLifeCalls.healthy(self(call).agent)),
                    AgentLifeCalls.step(
                            "initialize",
                            "",
                            "Builds an agent that was only registered.",
                            (agent, call) -> agent.life().initialize(call.caller())),
                    AgentLifeCalls.step(
                            "start",
                            "",
                            "Lets the agent run until it is stopped.",
                            (agent, call) -> agent.life().start(call.caller())),
                    AgentLifeCalls.step(
                            "pause",
                            "reason?",
                            "Halts the agent, a run at its next safe place.",
                            (agent, call) -> agent.life().pause(AgentLifeCalls.reason(call), call.caller())),
                    AgentLifeCalls.step(
                            "resume",
                            "reason?",
                            "Brings a paused agent back to what it was.",
                            (agent, call) -> agent.life().resume(AgentLifeCalls.reason(call), call.caller())),
                    AgentLifeCalls.step(
                            "stop",
                            "reason?",
                            "Makes the agent ready; a run is cancelled.",
                            (agent, call) -> agent.life().stop(AgentLifeCalls.reason(call), call.caller())),
                    AgentLifeCalls.step(
                            "recover",
                            "",
                            "Brings an agent in error back to ready.",
                            (agent, call) -> agent.life().recover(call.caller())),
                    AgentLifeCalls.step(
                            "save_state",
                            "",
                            "Saves the agent under its name.",
                            (agent, call) -> agent.memory().save(keeper(call, agent, StateOperation.WRITE))),
                    ScriptFunction.waiting(
                            "load_state",
                            "",
                            "Puts back what was saved under its name; whether there was something.",
                            call -> self(call)
                                    .agent
                                    .memory()
                                    .load(keeper(call, self(call).agent, StateOperation.READ))),
                    ScriptFunction.waiting(
                            "delete_state",
                            "",
                            "Removes what was saved under its name; whether there was something.",
                            call -> self(call)
                                    .agent
                                    .memory()
                                    .delete(keeper(call, self(call).agent, StateOperation.DELETE))),
                    AgentLifeCalls.step(
                            "terminate = destroy",
                            "",
                            "Ends the agent; a run is cancelled.",
                            (agent, call) -> agent.terminate(call.caller()))));

    private final GlobalServices services;
    private final Agent agent;

    AgentObject(GlobalServices services, Agent agent) {
        this.services = services;
        this.agent = agent;
    }

    private static Map<String, Function<ScriptObject, @Nullable Object>> memberTable() {
        Map<String, Function<ScriptObject, @Nullable Object>> table = new LinkedHashMap<>();
        table.put("name", object -> ((AgentObject) object).agent.config().name());
        table.put("id", object -> object.id());
        table.put("model", object -> ((AgentObject) object).agent.config().model());
        return table;
    }

    private static AgentObject self(ScriptCall call) {
        return call.self(AgentObject.class);
    }

    Agent agent() {
        return agent;
    }

    private Object invoke(ScriptCall call) {
        JsonObject answer = answer(call);
        String text = answer.text("text", "");
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(answer);
        shown.put("content", text);
        shown.put("output", text);
        shown.put("success", true);
        return ScriptRecord.shown(shown, text);
    }

    private JsonObject answer(ScriptCall call) {
        OptionReader options = new OptionReader(call.function(), call.map(1, "options"), OPTIONS);
        return agent.run(input(call), services.timed(call.caller(), options));
    }

    /** The caller, if it may use what is kept of an agent: whoever may use the agent's scope. */
    private static Caller keeper(ScriptCall call, Agent agent, StateOperation operation) {
        self(call)
                .services
                .state()
                .access(call.caller())
                .check(Scope.agent(agent.component().id().toString()), operation, null);
        return call.caller();
    }

    private JsonObject input(ScriptCall call) {
        if (call.raw(0) instanceof String text) {
            return JsonObject.of("text", text);
        }
        if (call.raw(0) == null) {
            throw call.wrong(0, "input", "a text or a map", null);
        }
        JsonObject input = call.object(0, "input", JsonLimits.TOOL);
        for (String name : List.of("text", "prompt", "input")) {
            if (input.get(name) instanceof String text) {
                return name.equals("text") ? input : input.with("text", text);
            }
        }
        return input.with("text", services.json().text(input)); // a map without text goes as JSON
    }

    private Object invokeTool(ScriptCall call) {
        JsonObject parameters = call.object(1, "params", JsonLimits.TOOL);
        Principal principal = new Principal.Agent(agent.component().id().toString());
        Caller caller = call.caller();
        return ToolGlobal.shown(services.tools()
                .executor()
                .invoke(
                        call.text(0, "name"),
                        parameters,
                        Rights.bound(caller.principal()) ? caller : caller.as(principal)));
    }

    private Object mayUse(String name) {
        List<String> tools = agent.config().tools();
        return tools.contains("*") || tools.contains(name);
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return agent.component().id().toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AgentObject that && agent == that.agent;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(agent);
    }
}
