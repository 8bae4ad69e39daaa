package io.llmspell.core.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation with a model.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param role who speaks
 * @param text what is said; may be empty
 * @param toolCalls the calls that the assistant asks for; copied
 * @param toolCallId the call that a tool message answers, else null
 */
public record ModelMessage(
        Role role,
        String text,
        List<ToolCall> toolCalls,
        @Nullable String toolCallId) {
    /** Who speaks. */
    public enum Role {
        /** The frame of the conversation. */
        SYSTEM,
        /** The user. */
        USER,
        /** The model. */
        ASSISTANT,
        /** A tool. */
        TOOL
    }

    /**
     * Copies the calls.
     *
     * @param role who speaks
     * @param text what is said
     * @param toolCalls the calls that are asked for
     * @param toolCallId the call that is answered, or null
     */
    public ModelMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /**
     * A message of plain text.
     *
     * @param role who speaks
     * @param text what is said
     * @return the message
     */
    public static ModelMessage of(Role role, String text) {
        return new ModelMessage(role, text, List.of(), null);
    }
}
