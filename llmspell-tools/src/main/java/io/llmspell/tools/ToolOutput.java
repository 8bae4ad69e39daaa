package io.llmspell.tools;

import io.llmspell.core.json.JsonObject;

/** What a tool call gives: the tool's result, and what hooks started beside it. */
record ToolOutput(JsonObject result, JsonObject forks) {
    static ToolOutput of(JsonObject result) {
        return new ToolOutput(result, JsonObject.empty());
    }
}
