package io.llmspell.state.session;

import io.llmspell.core.storage.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The keys of sessions in their space: a letter, then ids with their length in front, so that no two collide and the
 * records of one checkpoint are one range.
 */
final class SessionKeys {
    private static final int LONGEST_ID = 256;

    /** What stands where the key says it all. */
    static final Bytes MARK = Bytes.utf8("1");

    /** That each session has a key for its place; stores of before have none. */
    static final Bytes PLACED = Bytes.utf8("j");

    private SessionKeys() {}

    /** What the keys of all sessions at a place begin with; their ids follow. */
    static Bytes places(SessionPlace place) {
        return Bytes.utf8("i" + place.letter());
    }

    static Bytes place(SessionPlace place, String id) {
        return places(place).plus(Bytes.utf8(id));
    }

    /** When a session was used. */
    static Bytes used(String id) {
        return Bytes.utf8("u" + id);
    }

    /** What the keys of all sessions begin with. */
    static Bytes sessions() {
        return Bytes.utf8("s");
    }

    /** Whether a session can have the id; others are not there. */
    static boolean possible(String id) {
        return !id.isEmpty() && id.length() <= LONGEST_ID;
    }

    static Bytes session(String id) {
        return sessions().plus(Bytes.utf8(id));
    }

    /** What the keys of all checkpoints of a session begin with. */
    static Bytes checkpoints(String sessionId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        out.write('c');
        part(out, sessionId);
        return Bytes.own(out.toByteArray());
    }

    /** What the keys of one checkpoint's records begin with; the key of state follows. */
    static Bytes checkpoint(String sessionId, String checkpointId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        part(out, checkpointId);
        return checkpoints(sessionId).plus(Bytes.own(out.toByteArray()));
    }

    private static void part(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length >>> 8);
        out.write(bytes.length);
        out.write(bytes, 0, bytes.length);
    }
}
