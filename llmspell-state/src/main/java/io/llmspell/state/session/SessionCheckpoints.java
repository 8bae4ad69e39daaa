package io.llmspell.state.session;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.state.Scope;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.state.RecordBatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes checkpoints and puts them back.
 *
 * <p>A checkpoint holds the records of state as they are, in the space of sessions, so what is encrypted there stays
 * encrypted here; they are read again only under their own keys.
 */
final class SessionCheckpoints {
    private static final int MOST_CHECKPOINTS = 100;
    private static final int MOST_KEYS = 100_000;
    private static final long MOST_BYTES = 64L << 20;
    private static final int MOST_TRIES = 10;

    private final SessionHouse house;

    SessionCheckpoints(SessionHouse house) {
        this.house = house;
    }

    Checkpoint make(SessionViews.Checkpointing wanted, Caller caller) {
        for (int tries = 1; ; tries++) {
            SessionStore.Found found = house.store().active(wanted.session(), "a checkpoint");
            List<Entry> records = copy(wanted.session());
            Checkpoint checkpoint = new Checkpoint(
                    wanted.id(),
                    wanted.name(),
                    house.now(),
                    records.size(),
                    house.store().masked(wanted.annotations()));
            RecordBatch batch = batch(found, checkpoint, records, caller);
            Commit commit = batch.commit();
            if (commit instanceof Commit.Done || tries == MOST_TRIES) {
                commit.orThrow();
                return checkpoint;
            }
        }
    }

    /** The records of one moment. */
    private List<Entry> copy(String session) {
        long[] bytes = {0};
        int[] keys = {0};
        try (Snapshot moment = house.store().backend().snapshot()) {
            return house.scopes().copy(Scope.session(session), moment, entry -> {
                bytes[0] += entry.key().length() + entry.stored().value().length();
                if (++keys[0] > MOST_KEYS || bytes[0] > MOST_BYTES) {
                    throw LimitException.exceeded(
                            "sessions.checkpoint_size",
                            MOST_KEYS + " keys, " + MOST_BYTES + " bytes",
                            "the state of session " + session + " is more than a checkpoint can hold; remove what is no"
                                    + " longer needed first");
                }
                return true;
            });
        }
    }

    private RecordBatch batch(SessionStore.Found found, Checkpoint checkpoint, List<Entry> records, Caller caller) {
        String session = found.row().id();
        SessionRow row = found.row().plus(checkpoint, MOST_CHECKPOINTS);
        RecordBatch batch = house.store().replacing(found.revision(), row, caller.correlation());
        Bytes prefix = SessionKeys.checkpoint(session, checkpoint.id());
        for (Entry record : records) {
            batch.add(new Write.Put(
                    Space.SESSIONS, prefix.plus(record.key()), record.stored().value()));
        }
        for (Checkpoint old : found.row().info().checkpoints()) {
            if (!row.info().checkpoints().contains(old)) {
                batch.add(
                        new Write.DeleteRange(Space.SESSIONS, Range.prefix(SessionKeys.checkpoint(session, old.id()))));
            }
        }
        Map<String, @Nullable Object> payload = SessionStore.payload(session);
        payload.put("checkpoint_id", checkpoint.id());
        payload.put("keys", (long) records.size());
        batch.event("session.checkpointed", payload, SessionStore.component(session), caller);
        return batch;
    }

    /** The checkpoint with an id, or the newest one with a name. */
    static Checkpoint named(SessionInfo info, String text) {
        Checkpoint newest = null;
        for (Checkpoint each : info.checkpoints()) {
            if (each.id().equals(text)) {
                return each;
            }
            if (text.equals(each.name())) {
                newest = each;
            }
        }
        if (newest == null) {
            throw none(info, text);
        }
        return newest;
    }

    static ArgumentException none(SessionInfo info, String text) {
        return new ArgumentException(
                "checkpoint",
                text,
                "the id or name of one of the " + info.checkpoints().size() + " checkpoints of session " + info.id());
    }

    /** What a checkpoint holds, under the keys of state. */
    List<Entry> records(String session, Checkpoint checkpoint) {
        Bytes prefix = SessionKeys.checkpoint(session, checkpoint.id());
        List<Entry> records = new ArrayList<>();
        try (Cursor cursor = house.store().backend().scan(Space.SESSIONS, Range.prefix(prefix))) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                records.add(
                        new Entry(entry.key().slice(prefix.length(), entry.key().length()), entry.stored()));
            }
        }
        return records;
    }

    int restore(SessionViews.Restoring input, Caller caller) {
        house.store().active(input.session(), "a restore");
        int keys = house.scopes()
                .restore(
                        Scope.session(input.session()),
                        input.records(),
                        new HashSet<>(input.keys()),
                        () -> house.store().expectActive(input.session(), "a restore"),
                        caller);
        Map<String, @Nullable Object> payload = SessionStore.payload(input.session());
        payload.put("checkpoint_id", input.checkpoint());
        payload.put("keys", (long) keys);
        house.store().report("session.restored", payload, input.session(), caller);
        return keys;
    }
}
