package io.llmspell.core.session;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a new session.
 *
 * <p><b>Threads:</b> immutable; the {@code with…} methods make copies.
 *
 * @param name its name, 1 to 256 characters, or null
 * @param tags free words, at most 64 of at most 128 characters; copied
 * @param metadata members of the user's own, at most 64 KiB of JSON
 * @param keepState whether its state, checkpoints and artifacts outlive it; null for what the manager is set to
 */
public record SessionOptions(
        @Nullable String name,
        List<String> tags,
        JsonObject metadata,
        @Nullable Boolean keepState) {
    private static final int LONGEST_NAME = 256;
    private static final int MOST_TAGS = 64;
    private static final int LONGEST_TAG = 128;
    private static final JsonLimits METADATA = new JsonLimits(16, 10_000, 64L << 10);

    /** A session without name, tags and metadata. */
    public static final SessionOptions DEFAULT = new SessionOptions(null, List.of(), JsonObject.empty(), null);

    /**
     * Checks the members.
     *
     * @param name its name, or null
     * @param tags free words
     * @param metadata members of the user's own
     * @param keepState whether its state outlives it, or null
     * @throws ArgumentException {@code invalid_argument} if the name is empty or too long, or there are too many or too
     *     long tags
     * @throws io.llmspell.core.json.JsonValueException {@code value_too_large} if the metadata is
     */
    public SessionOptions {
        tags = List.copyOf(tags);
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
            throw new ArgumentException("session name", name, "1 to " + LONGEST_NAME + " characters");
        }
        if (tags.size() > MOST_TAGS || tags.stream().anyMatch(tag -> tag.isBlank() || tag.length() > LONGEST_TAG)) {
            throw new ArgumentException(
                    "session tags",
                    String.join(", ", tags),
                    "at most " + MOST_TAGS + " words of 1 to " + LONGEST_TAG + " characters");
        }
        metadata = JsonValues.object(metadata, METADATA);
    }

    /**
     * A session with a name.
     *
     * @param name its name
     * @return the options
     * @throws ArgumentException {@code invalid_argument} if it is empty or longer than 256 characters
     */
    public static SessionOptions named(String name) {
        return new SessionOptions(name, List.of(), JsonObject.empty(), null);
    }

    /**
     * A copy with tags.
     *
     * @param words free words
     * @return the copy
     */
    public SessionOptions withTags(String... words) {
        return new SessionOptions(name, List.of(words), metadata, keepState);
    }

    /**
     * A copy with metadata.
     *
     * @param members JSON values by name
     * @return the copy
     */
    public SessionOptions withMetadata(Map<String, ? extends @Nullable Object> members) {
        return new SessionOptions(name, tags, JsonValues.object(members, METADATA), keepState);
    }

    /**
     * A copy whose state, checkpoints and artifacts outlive the session, or do not.
     *
     * @param keep whether they do
     * @return the copy
     */
    public SessionOptions withKeepState(boolean keep) {
        return new SessionOptions(name, tags, metadata, keep);
    }
}
