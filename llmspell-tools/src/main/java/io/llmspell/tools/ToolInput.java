package io.llmspell.tools;

import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.ToolLimits;

/** The input of a tool call; hooks change the parameters and lower the limits, never the call. */
record ToolInput(Invocation call, JsonObject parameters, ToolLimits limits) {
    ToolInput with(JsonObject changed) {
        return new ToolInput(call, changed, limits);
    }

    ToolInput with(ToolLimits lowered) {
        return new ToolInput(call, parameters, lowered);
    }
}
