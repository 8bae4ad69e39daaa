package io.llmspell.events;

import io.llmspell.core.event.PublishResult;
import io.llmspell.core.json.JsonObject;

/** The event that a hook had published in place of one. */
record RoutedElsewhere(JsonObject view, PublishResult result) implements Routed {}
