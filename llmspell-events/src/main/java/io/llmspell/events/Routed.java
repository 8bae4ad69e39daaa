package io.llmspell.events;

import io.llmspell.core.event.PublishResult;
import io.llmspell.core.json.JsonObject;

/** An event that has been routed: here, or as another event that a hook had published in its place. */
interface Routed {
    /** How it was taken. */
    PublishResult result();

    /** What hooks see of it. */
    JsonObject view();
}
