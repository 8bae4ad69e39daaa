package io.llmspell.agents;

import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What an agent and its users said, the newest 100 messages.
 *
 * <p>It always begins with a user's message: an answer without its question, or a tool's result without its call, would
 * be refused by most models. Under the monitor of the {@link Memory}.
 */
final class Conversation {
    private static final int LONGEST = 100;

    private final Deque<Said> messages = new ArrayDeque<>();

    /** A message, and the form in which it is kept; made once, so that a save sees which messages it knows. */
    record Said(ModelMessage message, JsonObject json) {}

    List<ModelMessage> messages() {
        return messages.stream().map(Said::message).toList();
    }

    List<JsonObject> json() {
        return messages.stream().map(Said::json).toList();
    }

    void add(List<Said> said) {
        messages.addAll(said);
        while (messages.size() > LONGEST) {
            messages.removeFirst();
            dropAnswers();
        }
    }

    /** Puts another conversation in the place of this one. */
    void replace(List<Said> said) {
        messages.clear();
        add(said);
        dropAnswers();
    }

    private void dropAnswers() {
        while (!messages.isEmpty() && messages.getFirst().message().role() != ModelMessage.Role.USER) {
            messages.removeFirst();
        }
    }
}
