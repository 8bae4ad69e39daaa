package io.llmspell.workflows;

import io.llmspell.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a step gave: its main value, the whole result of what did the work if it has one, and what ran beside it. */
record StepOutput(@Nullable Object output, @Nullable JsonObject result, JsonObject forks) {
    StepOutput(@Nullable Object output, @Nullable JsonObject result) {
        this(output, result, JsonObject.empty());
    }
}
