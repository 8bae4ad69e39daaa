package io.llmspell.state.session;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.state.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tidies up: ends the sessions of runs that a killed process has left, finishes cleanings that were cut off, and gives up
 * the oldest records of ended sessions.
 */
final class SessionSweep {
    private static final Logger LOG = LoggerFactory.getLogger(SessionSweep.class);

    /** How many records of ended sessions are kept. */
    static final int MOST_ENDED = 1_000;

    private static final int MOST_ENDS_BETWEEN_LOOKS = 100;
    private static final int TENTHS = 10;

    private final SessionHouse house;
    private final SessionOperations operations;
    private final String manager;
    private final int keepSessions;

    /** Sweeps for a manager; of ended sessions that keep their state the newest so many stay, 0: all. */
    SessionSweep(SessionHouse house, SessionOperations operations, String manager, int keepSessions) {
        this.house = house;
        this.operations = operations;
        this.manager = manager;
        this.keepSessions = keepSessions;
    }

    /** How many sessions may end between two looks at what is too much. */
    int endsBetweenLooks() {
        return keepSessions == 0
                ? MOST_ENDS_BETWEEN_LOOKS
                : Math.max(1, Math.min(MOST_ENDS_BETWEEN_LOOKS, keepSessions / TENTHS));
    }

    /** On whose behalf sessions end that nobody finishes. */
    Caller caller() {
        return Caller.of(new Principal.RuntimePart("sessions"), Language.JAVA, new CorrelationId(house.nextId()));
    }

    /**
     * Once, before this process starts a session. What cannot be tidied up is left and logged. Reads the records of
     * sessions that go on, or have something left, alone.
     *
     * @return the sessions that go on
     */
    List<SessionRow> atOpening() {
        List<SessionRow> open = new ArrayList<>();
        try {
            house.store().place();
            tidy(open);
        } catch (LlmSpellException failed) {
            LOG.warn("left-overs of sessions could not be cleaned up: {}", LogText.masked(failed.getMessage()));
        }
        prune();
        return open;
    }

    private void tidy(List<SessionRow> open) {
        Caller caller = caller();
        for (String id : house.store().at(SessionPlace.OPEN)) {
            try {
                SessionRow row = house.store().get(id).row();
                if (!row.active()) {
                    new SessionEnds(house).clean(row, caller);
                } else if (row.boundTo() == null) {
                    open.add(row);
                } else if (!manager.equals(row.boundTo())) {
                    operations.end(id, caller);
                }
            } catch (LlmSpellException failed) {
                LOG.warn("session {} could not be cleaned up: {}", id, LogText.masked(failed.getMessage()));
            }
        }
    }

    /** Gives up the oldest records of ended sessions that have nothing left; what fails is logged, nobody waits for it. */
    void prune() {
        try {
            giveUpOldest();
        } catch (LlmSpellException failed) {
            LOG.warn("old records of sessions could not be removed: {}", LogText.masked(failed.getMessage()));
        }
    }

    private void giveUpOldest() {
        if (keepSessions > 0) {
            List<String> kept = house.store().at(SessionPlace.KEPT);
            for (String id : kept.subList(0, Math.max(0, kept.size() - keepSessions))) {
                giveUpState(id);
            }
        }
        List<String> ended = house.store().at(SessionPlace.ENDED);
        int surplus = ended.size() - MOST_ENDED;
        if (surplus > 0) {
            RecordBatch batch = house.store().batch();
            for (String id : ended.subList(0, surplus)) {
                batch.add(new Write.Delete(Space.SESSIONS, SessionKeys.session(id)));
                batch.add(SessionPlace.ENDED.removal(id));
            }
            batch.commit().orThrow();
        }
    }

    /** First the record says that all of it goes, so that a process that is killed meanwhile has it finished by the next. */
    private void giveUpState(String id) {
        try {
            SessionStore.Found found = house.store().get(id);
            if (SessionPlace.of(found.row()) == SessionPlace.KEPT) {
                SessionRow row = found.row().givenUp();
                house.store().replacing(found.revision(), row, null).commit().orThrow();
                new SessionEnds(house).clean(row, caller());
            }
        } catch (LlmSpellException failed) {
            LOG.warn("what session {} kept could not be removed: {}", id, LogText.masked(failed.getMessage()));
        }
    }
}
