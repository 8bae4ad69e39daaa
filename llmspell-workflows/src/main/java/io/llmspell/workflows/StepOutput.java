package io.llmspell.workflows;

import io.llmspell.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a step gave: its main value, and the whole result of what did the work, if it has one. */
record StepOutput(@Nullable Object output, @Nullable JsonObject result) {}
