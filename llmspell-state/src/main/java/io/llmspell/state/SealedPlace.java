package io.llmspell.state;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the store that may hold sealed records, and under which keys those were sealed.
 *
 * <p>They are the layouts that the packages of agents, sessions and artifacts write; their tests hold them to it.
 *
 * @param space the space
 * @param range the part of it; no other part holds sealed records
 */
record SealedPlace(Space space, Range range) {
    static final SealedPlace STATE = new SealedPlace(Space.STATE, Range.all());
    private static final SealedPlace AGENTS = new SealedPlace(Space.AGENTS, Range.all());
    private static final SealedPlace CHECKPOINTS = letter('c');
    private static final SealedPlace ARTIFACTS = letter('a');
    private static final SealedPlace CONTENTS = letter('d');

    /** All of them: what is sealed anywhere stands in one. */
    static final List<SealedPlace> ALL = List.of(STATE, AGENTS, CHECKPOINTS, ARTIFACTS, CONTENTS);

    private static SealedPlace letter(char letter) {
        return new SealedPlace(Space.SESSIONS, Range.prefix(Bytes.utf8(String.valueOf(letter))));
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
