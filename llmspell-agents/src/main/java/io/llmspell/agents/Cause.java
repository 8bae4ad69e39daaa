package io.llmspell.agents;

import io.llmspell.core.agent.AgentState;
import java.util.LinkedHashMap;
import java.util.Map;

/** What set a transition off, and why. */
record Cause(String trigger, String reason) {
    static final Cause RUN = new Cause("run", "");
    static final Cause START = new Cause("start", "");

    /** The keys of the agent group at a transition. */
    Map<String, String> keys(AgentState from, AgentState to) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("from_state", from.id());
        keys.put("to_state", to.id());
        keys.put("trigger", trigger);
        if (!reason.isEmpty()) {
            keys.put("reason", reason);
        }
        return keys;
    }
}
