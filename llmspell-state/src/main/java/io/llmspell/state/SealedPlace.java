package io.llmspell.state;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import org.jspecify.annotations.Nullable;

/**
 * A part of the store that may hold sealed records, and under which keys those were sealed: what is sealed anywhere stands in
 * one of them.
 *
 * <p>They are the layouts that the packages of agents, sessions and artifacts write; their tests hold them to it.
 */
enum SealedPlace {
    /** Values. */
    STATE(Space.STATE, Range.all()),
    /** Records of agents. */
    AGENTS(Space.AGENTS, Range.all()),
    /** Copies of values, behind the ids of session and checkpoint. */
    CHECKPOINTS(Space.SESSIONS, letter('c')),
    /** Records of artifacts. */
    ARTIFACTS(Space.SESSIONS, letter('a')),
    /** Contents of artifacts. */
    CONTENTS(Space.SESSIONS, letter('d'));

    private final Space space;
    private final Range range;

    SealedPlace(Space space, Range range) {
        this.space = space;
        this.range = range;
    }

    private static Range letter(char letter) {
        return Range.prefix(Bytes.utf8(String.valueOf(letter)));
    }

    Space space() {
        return space;
    }

    Range range() {
        return range;
    }

    /** The key under which the record of an entry was sealed, or null if the entry is none. */
    @Nullable Bytes sealedUnder(Bytes key) {
        if (!equals(CHECKPOINTS)) {
            return key;
        }
        int session = behindPart(key, 1); // a checkpoint holds records of state as they are, behind two ids
        int state = session < 0 ? -1 : behindPart(key, session);
        return state < 0 ? null : key.slice(state, key.length());
    }

    /** Where a part ends that has its length in two bytes in front, or -1. */
    private static int behindPart(Bytes key, int from) {
        if (from + 2 > key.length()) {
            return -1;
        }
        int end = from + 2 + Short.toUnsignedInt(key.view().getShort(from));
        return end > key.length() ? -1 : end;
    }
}
