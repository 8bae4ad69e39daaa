package io.llmspell.agents;

import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.TimeSource;
import java.util.List;

/** Answers with what it received. */
final class BasicBrain implements Brain {
    private final String name;
    private final Memory memory;
    private final TimeSource time;

    BasicBrain(String name, Memory memory, TimeSource time) {
        this.name = name;
        this.memory = memory;
        this.time = time;
    }

    @Override
    public String model() {
        return "";
    }

    @Override
    public JsonObject answer(JsonObject input, Caller caller, SafePoint safePoint) {
        String text = "BasicAgent '" + name + "' received: " + input.text("text");
        memory.said(List.of(
                MessageJson.said(ModelMessage.of(ModelMessage.Role.USER, input.text("text")), time.now()),
                MessageJson.said(ModelMessage.of(ModelMessage.Role.ASSISTANT, text), time.now())));
        return Responses.of(text, List.of(), new Responses.Spent(TokenUsage.NONE, "", "", null), "stop");
    }
}
