package io.llmspell.tools;

import io.llmspell.core.json.JsonObject;

/** The input of a tool call; hooks change the parameters, never the call. */
record ToolInput(Invocation call, JsonObject parameters) {
    ToolInput with(JsonObject changed) {
        return new ToolInput(call, changed);
    }
}
