package io.llmspell.core.event;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher says of an event; the bus adds id, number, time, run and language.
 *
 * <p><b>Threads:</b> immutable; the {@code with…} methods make copies.
 *
 * @param type dot-separated words without glob characters, 1 to 256 characters
 * @param payload a JSON value; checked and made immutable
 * @param source what it happened to or in
 * @param causation the id of the event that caused it, at most 256 characters, or null
 * @param target for whom it is meant, at most 256 characters, or null
 * @param priority how urgent it is to the publisher, carried and never used to reorder, or null
 * @param tags free words, at most 64 of at most 256 characters; copied
 * @param attributes members of the publisher's own
 * @param ttl how long it is delivered, positive, or null for always
 * @param persistent whether the publish returns only when the journal has written the event durably
 */
public record EventDraft(
        String type,
        @Nullable Object payload,
        Component source,
        @Nullable String causation,
        @Nullable String target,
        @Nullable Integer priority,
        Set<String> tags,
        JsonObject attributes,
        @Nullable Duration ttl,
        boolean persistent) {
    private static final int LONGEST_TYPE = 256;
    private static final int LONGEST_WORD = 256;
    private static final int MOST_TAGS = 64;

    /**
     * Checks the members.
     *
     * @param type the type
     * @param payload the payload
     * @param source the source
     * @param causation the cause, or null
     * @param target for whom, or null
     * @param priority how urgent, or null
     * @param tags free words
     * @param attributes further members
     * @param ttl time to live, or null
     * @param persistent whether the publish waits for the journal
     * @throws EventException {@code invalid_event} if the type, a word or the time to live is wrong
     * @throws io.llmspell.core.json.JsonValueException if the payload is no JSON value or too large
     */
    public EventDraft {
        checkType(type);
        payload = JsonValues.checked(payload, JsonLimits.VALUE);
        tags = Set.copyOf(tags);
        checkWord(type, "causation", causation);
        checkWord(type, "target", target);
        checkTags(type, tags);
        if (ttl != null && (ttl.isNegative() || ttl.isZero())) {
            throw new EventException(
                    ErrorCode.INVALID_EVENT,
                    "the time to live of event \"" + type + "\" is " + ttl + ", but must be positive");
        }
    }

    /**
     * A draft with type, payload and source.
     *
     * @param type dot-separated words
     * @param payload a JSON value
     * @param source what it happened to or in
     * @return the draft
     * @throws EventException {@code invalid_event} if the type is wrong
     */
    public static EventDraft of(String type, @Nullable Object payload, Component source) {
        return new EventDraft(type, payload, source, null, null, null, Set.of(), JsonObject.empty(), null, false);
    }

    /**
     * A copy with tags.
     *
     * @param words free words
     * @return the copy
     */
    public EventDraft withTags(Set<String> words) {
        return new EventDraft(type, payload, source, causation, target, priority, words, attributes, ttl, persistent);
    }

    /**
     * A copy with a cause and a target.
     *
     * @param cause the id of the event that caused it, or null
     * @param receiver for whom it is meant, or null
     * @return the copy
     */
    public EventDraft withLinks(@Nullable String cause, @Nullable String receiver) {
        return new EventDraft(type, payload, source, cause, receiver, priority, tags, attributes, ttl, persistent);
    }

    /**
     * A copy with members of the publisher's own.
     *
     * @param members the members
     * @return the copy
     */
    public EventDraft withAttributes(JsonObject members) {
        return new EventDraft(type, payload, source, causation, target, priority, tags, members, ttl, persistent);
    }

    /**
     * A copy with a time to live.
     *
     * @param life how long it is delivered, or null for always
     * @return the copy
     */
    public EventDraft withTtl(@Nullable Duration life) {
        return new EventDraft(type, payload, source, causation, target, priority, tags, attributes, life, persistent);
    }

    /**
     * A copy with another payload.
     *
     * @param value a JSON value
     * @return the copy
     */
    public EventDraft withPayload(@Nullable Object value) {
        return new EventDraft(type, value, source, causation, target, priority, tags, attributes, ttl, persistent);
    }

    /**
     * A copy with a priority.
     *
     * @param urgency how urgent it is to the publisher, or null
     * @return the copy
     */
    public EventDraft withPriority(@Nullable Integer urgency) {
        return new EventDraft(type, payload, source, causation, target, urgency, tags, attributes, ttl, persistent);
    }

    /**
     * A copy whose publish waits for the journal, or does not.
     *
     * @param durable whether it waits
     * @return the copy
     */
    public EventDraft withPersistent(boolean durable) {
        return new EventDraft(type, payload, source, causation, target, priority, tags, attributes, ttl, durable);
    }

    private static void checkTags(String type, Set<String> tags) {
        if (tags.size() > MOST_TAGS) {
            throw new EventException(
                    ErrorCode.INVALID_EVENT,
                    "event \"" + type + "\" has " + tags.size() + " tags, but at most " + MOST_TAGS + " are allowed");
        }
        for (String tag : tags) {
            checkWord(type, "tag", tag);
        }
    }

    private static void checkWord(String type, String what, @Nullable String word) {
        if (word == null) {
            return;
        }
        if (word.length() > LONGEST_WORD) {
            throw wrongWord(
                    type, what, "is " + word.length() + " characters long, at most " + LONGEST_WORD + " allowed");
        }
        for (int i = 0; i < word.length(); i++) {
            if (Character.isSurrogate(word.charAt(i)) && isLone(word, i)) {
                throw wrongWord(type, what, "has half a surrogate pair at position " + i);
            }
        }
    }

    private static EventException wrongWord(String type, String what, String problem) {
        return new EventException(ErrorCode.INVALID_EVENT, "the " + what + " of event \"" + type + "\" " + problem);
    }

    private static void checkType(String type) {
        String problem = problem(type);
        if (problem != null) {
            throw new EventException(
                    ErrorCode.INVALID_EVENT,
                    "event type \"" + (type.length() > 80 ? type.substring(0, 77) + "..." : type) + "\" " + problem
                            + "; a type is 1 to " + LONGEST_TYPE + " characters, such as \"report.ready\"");
        }
    }

    private static @Nullable String problem(String type) {
        if (type.isEmpty()) {
            return "is empty";
        }
        if (type.length() > LONGEST_TYPE) {
            return "is " + type.length() + " characters long";
        }
        if (type.startsWith(".") || type.endsWith(".") || type.contains("..")) {
            return "has an empty segment";
        }
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if ("*?[]{}\\".indexOf(c) >= 0 || Character.isISOControl(c)) {
                return "has the character U+" + String.format(java.util.Locale.ROOT, "%04X", (int) c) + " at position "
                        + i;
            }
            if (Character.isSurrogate(c) && isLone(type, i)) {
                return "has half a surrogate pair at position " + i;
            }
        }
        return null;
    }

    private static boolean isLone(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
}
