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

    private final SessionHouse house;
    private final SessionOperations operations;
    private final String manager;

    SessionSweep(SessionHouse house, SessionOperations operations, String manager) {
        this.house = house;
        this.operations = operations;
        this.manager = manager;
    }

    /** Once, before this process starts a session. What cannot be tidied up is left and logged. */
    void atOpening() {
        try {
            tidy();
        } catch (LlmSpellException failed) {
            LOG.warn("left-overs of sessions could not be cleaned up: {}", LogText.masked(failed.getMessage()));
        }
        prune();
    }

    private void tidy() {
        Caller caller =
                Caller.of(new Principal.RuntimePart("sessions"), Language.JAVA, new CorrelationId(house.nextId()));
        for (SessionRow row : house.store().readable()) {
            try {
                if (row.active() && row.boundTo() != null && !manager.equals(row.boundTo())) {
                    operations.end(row.id(), caller);
                } else if (!row.active()) {
                    new SessionEnds(house).clean(row, caller);
                }
            } catch (LlmSpellException failed) {
                LOG.warn("session {} could not be cleaned up: {}", row.id(), LogText.masked(failed.getMessage()));
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
        List<SessionRow> ended = new ArrayList<>(house.store().readable());
        ended.removeIf(row -> row.active() || !row.cleaned() || row.info().keepState());
        int surplus = ended.size() - MOST_ENDED;
        if (surplus > 0) {
            RecordBatch batch = house.store().batch();
            ended.subList(0, surplus)
                    .forEach(row -> batch.add(new Write.Delete(Space.SESSIONS, SessionKeys.session(row.id()))));
            batch.commit().orThrow();
        }
    }
}
