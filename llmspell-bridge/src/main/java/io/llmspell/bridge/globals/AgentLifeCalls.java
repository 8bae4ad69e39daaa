package io.llmspell.bridge.globals;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.agent.AgentTransition;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptRecord;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The life of an agent as the methods of its handle. */
final class AgentLifeCalls {
    private static final Set<AgentState> HEALTHY =
            EnumSet.of(AgentState.UNINITIALIZED, AgentState.INITIALIZING, AgentState.READY, AgentState.RUNNING);

    private AgentLifeCalls() {}

    /** A method that makes one transition and gives true. */
    static ScriptFunction step(
            String name, String parameters, String description, BiConsumer<Agent, ScriptCall> transition) {
        return ScriptFunction.waiting(name, parameters, description, call -> {
            transition.accept(call.self(AgentObject.class).agent(), call);
            return true;
        });
    }

    static String reason(ScriptCall call) {
        return call.text(0, "reason", "");
    }

    static Object history(Agent agent) {
        List<Object> rows = new ArrayList<>();
        for (AgentTransition step : agent.life().history()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("from", step.from().id());
            row.put("to", step.to().id());
            row.put("trigger", step.trigger());
            row.put("reason", step.reason());
            row.put("timestamp", step.at().toString());
            rows.add(row);
        }
        return rows;
    }

    static @Nullable Object lastError(Agent agent) {
        return agent.life()
                .lastError()
                .map(error -> {
                    Map<String, Object> shown = new LinkedHashMap<>();
                    shown.put("code", error.code().id());
                    shown.put("message", error.text());
                    return ScriptRecord.shown(shown, error.text());
                })
                .orElse(null);
    }

    static Object healthy(Agent agent) {
        return HEALTHY.contains(agent.state());
    }
}
