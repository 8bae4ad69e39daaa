package io.llmspell.core.agent;

import io.llmspell.core.json.JsonObject;

/**
 * A tool call that a model asks for.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param id the model's id of the call
 * @param tool the tool's name
 * @param arguments its parameters
 */
public record ToolCall(String id, String tool, JsonObject arguments) {}
