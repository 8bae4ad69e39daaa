package io.llmspell.core.artifact;

import io.llmspell.core.error.ArgumentException;
import org.jspecify.annotations.Nullable;

/**
 * Which artifacts are wanted; what is null counts for all. Of each artifact the newest version is looked at, with a run
 * all versions.
 *
 * <p><b>Threads:</b> immutable; the methods make copies.
 *
 * @param name the exact name, or null
 * @param type the exact type, or null
 * @param sessionId the session, or null
 * @param correlationId the run that made the version, or null
 * @param creator the principal that made it, as text, or null
 * @param tag a tag that it has, or null
 * @param parent the id of an artifact that it was made from, or null
 * @param limit how many at most, 1 to 10,000
 */
public record ArtifactQuery(
        @Nullable String name,
        @Nullable String type,
        @Nullable String sessionId,
        @Nullable String correlationId,
        @Nullable String creator,
        @Nullable String tag,
        @Nullable String parent,
        int limit) {
    private static final int MOST = 10_000;
    private static final ArtifactQuery ALL = new ArtifactQuery(null, null, null, null, null, null, null, 1_000);

    /**
     * Checks the limit.
     *
     * @param name the exact name, or null
     * @param type the exact type, or null
     * @param sessionId the session, or null
     * @param correlationId the run, or null
     * @param creator the principal, or null
     * @param tag a tag, or null
     * @param parent an artifact that it was made from, or null
     * @param limit how many at most
     * @throws ArgumentException {@code invalid_argument} if the limit is out of range
     */
    public ArtifactQuery {
        if (limit < 1 || limit > MOST) {
            throw new ArgumentException("limit of artifacts", String.valueOf(limit), "1 to " + MOST);
        }
    }

    /**
     * All artifacts, at most 1,000.
     *
     * @return the query
     */
    public static ArtifactQuery all() {
        return ALL;
    }

    /**
     * Those of a session.
     *
     * @param id the session
     * @return the copy
     */
    public ArtifactQuery session(String id) {
        return new ArtifactQuery(name, type, id, correlationId, creator, tag, parent, limit);
    }

    /**
     * The versions that a run made.
     *
     * @param id the run's correlation id
     * @return the copy
     */
    public ArtifactQuery run(String id) {
        return new ArtifactQuery(name, type, sessionId, id, creator, tag, parent, limit);
    }

    /**
     * Those with a name.
     *
     * @param exact the name
     * @return the copy
     */
    public ArtifactQuery name(String exact) {
        return new ArtifactQuery(exact, type, sessionId, correlationId, creator, tag, parent, limit);
    }

    /**
     * Those of a type.
     *
     * @param exact the type
     * @return the copy
     */
    public ArtifactQuery type(String exact) {
        return new ArtifactQuery(name, exact, sessionId, correlationId, creator, tag, parent, limit);
    }

    /**
     * Those with a tag.
     *
     * @param word the tag
     * @return the copy
     */
    public ArtifactQuery tag(String word) {
        return new ArtifactQuery(name, type, sessionId, correlationId, creator, word, parent, limit);
    }

    /**
     * Those that were made from an artifact.
     *
     * @param id the artifact
     * @return the copy
     */
    public ArtifactQuery parent(String id) {
        return new ArtifactQuery(name, type, sessionId, correlationId, creator, tag, id, limit);
    }

    /**
     * At most so many.
     *
     * @param most 1 to 10,000
     * @return the copy
     */
    public ArtifactQuery limit(int most) {
        return new ArtifactQuery(name, type, sessionId, correlationId, creator, tag, parent, most);
    }

    /**
     * Whether a version is wanted, the limit aside.
     *
     * @param info its record
     * @return true if it is
     */
    public boolean matches(ArtifactInfo info) {
        return is(name, info.name())
                && is(type, info.type())
                && is(sessionId, info.origin().sessionId())
                && is(correlationId, info.origin().correlationId())
                && is(creator, info.origin().creator())
                && (tag == null || info.tags().contains(tag))
                && (parent == null || info.origin().parents().contains(parent));
    }

    private static boolean is(@Nullable String wanted, @Nullable String found) {
        return wanted == null || wanted.equals(found);
    }
}
