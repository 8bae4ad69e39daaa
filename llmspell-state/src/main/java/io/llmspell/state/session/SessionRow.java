package io.llmspell.state.session;

import io.llmspell.core.json.JsonObject;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.session.SessionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is kept.
 *
 * @param info what callers see
 * @param boundTo the manager that made it for a run, with which it ends; null for sessions that were started
 * @param cleaned whether nothing of it is left that has to go
 */
record SessionRow(SessionInfo info, @Nullable String boundTo, boolean cleaned) {
    String id() {
        return info.id();
    }

    boolean active() {
        return info.status() == SessionStatus.ACTIVE;
    }

    SessionRow ended(Instant when) {
        return new SessionRow(
                new SessionInfo(
                        info.id(),
                        info.name(),
                        info.parentId(),
                        SessionStatus.ENDED,
                        info.startedAt(),
                        when,
                        info.checkpoints(),
                        info.tags(),
                        info.metadata(),
                        info.keepState()),
                boundTo,
                info.keepState());
    }

    /** The row after its state, checkpoints and artifacts are gone. */
    SessionRow emptied() {
        return new SessionRow(with(List.of()), boundTo, true);
    }

    /** The row of an ended session that keeps what it had no longer. */
    SessionRow givenUp() {
        return new SessionRow(
                new SessionInfo(
                        info.id(),
                        info.name(),
                        info.parentId(),
                        info.status(),
                        info.startedAt(),
                        info.endedAt(),
                        info.checkpoints(),
                        info.tags(),
                        info.metadata(),
                        false),
                boundTo,
                false);
    }

    SessionRow plus(Checkpoint checkpoint, int most) {
        List<Checkpoint> all = new ArrayList<>(info.checkpoints());
        all.add(checkpoint);
        return new SessionRow(with(all.subList(Math.max(0, all.size() - most), all.size())), boundTo, cleaned);
    }

    SessionRow with(JsonObject metadata) {
        return new SessionRow(with(info.checkpoints(), metadata), boundTo, cleaned);
    }

    private SessionInfo with(List<Checkpoint> checkpoints) {
        return with(checkpoints, info.metadata());
    }

    private SessionInfo with(List<Checkpoint> checkpoints, JsonObject metadata) {
        return new SessionInfo(
                info.id(),
                info.name(),
                info.parentId(),
                info.status(),
                info.startedAt(),
                info.endedAt(),
                checkpoints,
                info.tags(),
                metadata,
                info.keepState());
    }
}
