package io.llmspell.state.artifact;

import io.llmspell.core.state.Scope;
import io.llmspell.core.storage.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The keys of artifacts in the space of sessions: a letter, then ids with their length in front, then numbers big-endian, so
 * that versions and chunks are in order.
 */
final class ArtifactKeys {
    private static final int LONGEST_ID = 256;

    private ArtifactKeys() {}

    /** Whether an artifact can have the id; others are not there. */
    static boolean possible(String id) {
        return !id.isEmpty() && id.length() <= LONGEST_ID;
    }

    private static Bytes of(char letter, String... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(96);
        out.write(letter);
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            out.write(bytes.length >>> 8);
            out.write(bytes.length);
            out.write(bytes, 0, bytes.length);
        }
        return Bytes.own(out.toByteArray());
    }

    /** Where the id of the artifact with a name stands; each owner has names of its own in each session. */
    static Bytes name(Scope owner, @Nullable String sessionId, String name) {
        return of('n', owner.text(), sessionId == null ? "" : sessionId, name);
    }

    /** What the records of all versions of all artifacts begin with. */
    static Bytes records() {
        return Bytes.utf8("a");
    }

    static Bytes records(String id) {
        return of('a', id);
    }

    static Bytes record(String id, long version) {
        return records(id).plus(Bytes.ofLong(version));
    }

    static Bytes chunks(String id) {
        return of('b', id);
    }

    static Bytes chunks(String id, long version) {
        return chunks(id).plus(Bytes.ofLong(version));
    }

    static Bytes chunk(String id, long version, long number) {
        return chunks(id, version).plus(Bytes.ofLong(number));
    }

    /** What the keys of sealed chunks begin with; a version has chunks of one kind. */
    static Bytes sealed(String id) {
        return of('d', id);
    }

    static Bytes sealed(String id, long version) {
        return sealed(id).plus(Bytes.ofLong(version));
    }

    static Bytes sealed(String id, long version, long number) {
        return sealed(id, version).plus(Bytes.ofLong(number));
    }

    /** What the entries of the artifacts of a session begin with; the id follows. */
    static Bytes ofSession(String sessionId) {
        return of('x', sessionId);
    }

    static Bytes inSession(String sessionId, String id) {
        return ofSession(sessionId).plus(Bytes.utf8(id));
    }

    /** What the entries of the versions of a run begin with; the version and the id follow. */
    static Bytes ofRun(String correlationId) {
        return of('y', correlationId);
    }

    static Bytes inRun(String correlationId, String id, long version) {
        return ofRun(correlationId).plus(Bytes.ofLong(version)).plus(Bytes.utf8(id));
    }
}
