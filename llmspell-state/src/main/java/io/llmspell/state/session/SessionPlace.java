package io.llmspell.state.session;

import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.state.RecordBatch;

/** Where a session stands, which a key of its own says, so that nobody has to read all records to find some. */
enum SessionPlace {
    /** It goes on, or something of it has still to go. */
    OPEN('a'),
    /** It has ended and nothing but its record is left. */
    ENDED('e'),
    /** It has ended and keeps what it had. */
    KEPT('k');

    private final char letter;

    SessionPlace(char letter) {
        this.letter = letter;
    }

    char letter() {
        return letter;
    }

    static SessionPlace of(SessionRow row) {
        if (row.active() || !row.cleaned()) {
            return OPEN;
        }
        return row.info().keepState() ? KEPT : ENDED;
    }

    /** Notes where a session stands in the batch that brings it there. */
    static void note(RecordBatch batch, SessionRow row) {
        SessionPlace present = of(row);
        for (SessionPlace each : values()) {
            batch.add(each == present ? each.entry(row.id()) : each.removal(row.id()));
        }
    }

    Write entry(String id) {
        return new Write.Put(Space.SESSIONS, SessionKeys.place(this, id), SessionKeys.MARK);
    }

    Write removal(String id) {
        return new Write.Delete(Space.SESSIONS, SessionKeys.place(this, id));
    }
}
