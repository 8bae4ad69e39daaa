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
 * @param range the part of it
 * @param copies whether it holds copies of values, which stand behind the ids of session and checkpoint
 */
record SealedPlace(Space space, Range range, boolean copies) {
    /** All of them: values, agents, checkpoints, records of artifacts, contents of artifacts. */
    static final List<SealedPlace> ALL = List.of(
            new SealedPlace(Space.STATE, Range.all(), false),
            new SealedPlace(Space.AGENTS, Range.all(), false),
            new SealedPlace(Space.SESSIONS, letter('c'), true),
            new SealedPlace(Space.SESSIONS, letter('a'), false),
            new SealedPlace(Space.SESSIONS, letter('d'), false));

    private static Range letter(char letter) {
        return Range.prefix(Bytes.utf8(String.valueOf(letter)));
    }

    /** Whether it holds the values themselves, which are cached. */
    boolean values() {
        return space.equals(Space.STATE);
    }

    /** The key under which the record of an entry was sealed, or null if the entry is none. */
    @Nullable Bytes sealedUnder(Bytes key) {
        if (!copies) {
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
