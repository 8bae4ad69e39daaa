package io.llmspell.core.artifact;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An artifact that is to be stored.
 *
 * <p><b>Threads:</b> immutable; the {@code with…} methods make copies.
 *
 * @param name its name, 1 to 256 characters; a name that its session has already gets a new version
 * @param type what it is, 1 to 64 letters, digits and {@code _ - . /}; content of type {@code json} must be JSON
 * @param content what it holds
 * @param sessionId the session that it belongs to, or null
 * @param permanent whether it outlives the session
 * @param parents ids of the artifacts that it was made from, at most 64; copied
 * @param derivation how it was made from them, 1 to 64 characters
 * @param tags free words, at most 64 of at most 128 characters; copied
 * @param metadata members of the user's own, at most 64 KiB of JSON
 */
public record ArtifactDraft(
        String name,
        String type,
        ArtifactContent content,
        @Nullable String sessionId,
        boolean permanent,
        List<String> parents,
        String derivation,
        List<String> tags,
        JsonObject metadata) {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_TYPE = 64;
    private static final int MOST_TAGS = 64;
    private static final int LONGEST_TAG = 128;
    private static final JsonLimits METADATA = new JsonLimits(16, 10_000, 64L << 10);

    /**
     * Checks the members.
     *
     * @param name its name
     * @param type what it is
     * @param content what it holds
     * @param sessionId the session, or null
     * @param permanent whether it outlives the session
     * @param parents what it was made from
     * @param derivation how
     * @param tags free words
     * @param metadata members of the user's own
     * @throws ArgumentException {@code invalid_argument} if one is empty, too long or too many
     * @throws io.llmspell.core.json.JsonValueException {@code value_too_large} if the metadata is
     */
    public ArtifactDraft {
        Objects.requireNonNull(content, "content");
        parents = List.copyOf(parents);
        tags = List.copyOf(tags);
        require("artifact name", name, name.isBlank() || name.length() > LONGEST_NAME, "1 to 256 characters");
        boolean type64 = !type.isEmpty()
                && type.length() <= LONGEST_TYPE
                && type.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_-./".indexOf(c) >= 0);
        require("artifact type", type, !type64, "1 to 64 letters, digits and _ - . /");
        require(
                "artifact derivation",
                derivation,
                derivation.isBlank() || derivation.length() > LONGEST_TYPE,
                "1 to 64 characters");
        require("artifact parents", String.join(", ", parents), parents.size() > MOST_TAGS, "at most 64 ids");
        require(
                "artifact tags",
                String.join(", ", tags),
                tags.size() > MOST_TAGS || tags.stream().anyMatch(tag -> tag.isBlank() || tag.length() > LONGEST_TAG),
                "at most 64 words of 1 to 128 characters");
        metadata = JsonValues.object(metadata, METADATA);
    }

    private static void require(String what, String value, boolean wrong, String wanted) {
        if (wrong) {
            throw new ArgumentException(what, value, wanted);
        }
    }

    /**
     * An artifact with a name, a type and a text.
     *
     * @param name its name
     * @param type what it is
     * @param text what it holds
     * @return the draft
     */
    public static ArtifactDraft text(String name, String type, String text) {
        return of(name, type, new ArtifactContent.Text(text));
    }

    /**
     * An artifact with a name, a type and a content.
     *
     * @param name its name
     * @param type what it is
     * @param content what it holds
     * @return the draft
     */
    public static ArtifactDraft of(String name, String type, ArtifactContent content) {
        return new ArtifactDraft(name, type, content, null, false, List.of(), "derived", List.of(), JsonObject.empty());
    }

    /**
     * A copy with another content.
     *
     * @param other what it holds
     * @return the copy
     */
    public ArtifactDraft withContent(ArtifactContent other) {
        return new ArtifactDraft(name, type, other, sessionId, permanent, parents, derivation, tags, metadata);
    }

    /**
     * A copy in a session.
     *
     * @param session the session's id, or null for none
     * @return the copy
     */
    public ArtifactDraft withSession(@Nullable String session) {
        return new ArtifactDraft(name, type, content, session, permanent, parents, derivation, tags, metadata);
    }

    /**
     * A copy that outlives its session, or does not.
     *
     * @param outlives whether it does
     * @return the copy
     */
    public ArtifactDraft withPermanent(boolean outlives) {
        return new ArtifactDraft(name, type, content, sessionId, outlives, parents, derivation, tags, metadata);
    }

    /**
     * A copy that says what it was made from.
     *
     * @param how such as {@code summary}
     * @param from ids of artifacts
     * @return the copy
     */
    public ArtifactDraft withParents(String how, List<String> from) {
        return new ArtifactDraft(name, type, content, sessionId, permanent, from, how, tags, metadata);
    }

    /**
     * A copy with tags.
     *
     * @param words free words
     * @return the copy
     */
    public ArtifactDraft withTags(List<String> words) {
        return new ArtifactDraft(name, type, content, sessionId, permanent, parents, derivation, words, metadata);
    }

    /**
     * A copy with metadata.
     *
     * @param members JSON values by name
     * @return the copy
     */
    public ArtifactDraft withMetadata(Map<String, ? extends @Nullable Object> members) {
        return new ArtifactDraft(
                name,
                type,
                content,
                sessionId,
                permanent,
                parents,
                derivation,
                tags,
                JsonValues.object(members, METADATA));
    }
}
