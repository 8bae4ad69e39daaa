package io.llmspell.agents;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;

/** What makes one kind of agent answer; called by one run at a time. */
interface Brain {
    /** The model as {@code provider/model}, empty without one. */
    String model();

    /** Answers an input that has a text; passes a safe point before each call to the outside. */
    JsonObject answer(JsonObject input, Caller caller, SafePoint safePoint);
}
