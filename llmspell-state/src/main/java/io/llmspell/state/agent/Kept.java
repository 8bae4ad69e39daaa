package io.llmspell.state.agent;

import io.llmspell.core.json.JsonObject;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the store holds of one agent.
 *
 * @param revision the commit that wrote the head, 0 if there is none
 * @param head the head
 * @param body the body
 * @param first the number of the oldest message
 * @param messages the messages from it on
 * @param segments how many messages stand together, by the number of the first of them
 */
record Kept(
        long revision,
        JsonObject head,
        JsonObject body,
        long first,
        List<JsonObject> messages,
        NavigableMap<Long, Integer> segments) {
    static final Kept NOTHING = new Kept(0, JsonObject.empty(), JsonObject.empty(), 0, List.of(), new TreeMap<>());

    boolean present() {
        return revision > 0;
    }

    /** The number of the next message. */
    long next() {
        return first + messages.size();
    }
}
