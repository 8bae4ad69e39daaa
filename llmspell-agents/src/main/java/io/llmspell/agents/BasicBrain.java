package io.llmspell.agents;

import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import java.util.List;

/** Answers with what it received. */
final class BasicBrain implements Brain {
    private final String name;

    BasicBrain(String name) {
        this.name = name;
    }

    @Override
    public String model() {
        return "";
    }

    @Override
    public JsonObject answer(JsonObject input, Caller caller, SafePoint safePoint) {
        String text = "BasicAgent '" + name + "' received: " + input.text("text");
        return Responses.of(text, List.of(), new Responses.Spent(TokenUsage.NONE, "", ""), "stop");
    }
}
