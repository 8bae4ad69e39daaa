package io.llmspell.agents;

import io.llmspell.core.agent.ModelMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What an agent and its users said, the newest 100 messages.
 *
 * <p>It always begins with a user's message: an answer without its question, or a tool's result without its call, would
 * be refused by most models. Used by one run at a time.
 */
final class Conversation {
    private static final int LONGEST = 100;

    private final Deque<ModelMessage> messages = new ArrayDeque<>();

    List<ModelMessage> messages() {
        return List.copyOf(messages);
    }

    void add(List<ModelMessage> said) {
        messages.addAll(said);
        while (messages.size() > LONGEST) {
            messages.removeFirst();
            while (!messages.isEmpty() && messages.getFirst().role() != ModelMessage.Role.USER) {
                messages.removeFirst();
            }
        }
    }
}
