package io.llmspell.state.session;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.session.SessionException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.state.RecordBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of sessions in the store. */
final class SessionStore {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStore.class);
    private static final ComponentType TYPE = new ComponentType("session");

    private final StorageBackend backend;
    private final SessionCodec codec;
    private final @Nullable EventBus events;
    private final Redactor redactor;
    private final @Nullable EventReporter reporter;

    SessionStore(StorageBackend backend, SessionCodec codec, @Nullable EventBus events, Redactor redactor) {
        this.backend = backend;
        this.codec = codec;
        this.events = events;
        this.redactor = redactor;
        this.reporter = events == null ? null : new EventReporter(events, redactor);
    }

    /**
     * A session with the revision of its record.
     *
     * @param row the session
     * @param revision the revision
     */
    record Found(SessionRow row, long revision) {}

    /** What a session is to hooks and events. */
    static Component component(String id) {
        return new Component(TYPE, id, UUID.fromString(id));
    }

    StorageBackend backend() {
        return backend;
    }

    Found get(String id) {
        Bytes key = SessionKeys.session(id);
        Stored stored =
                SessionKeys.possible(id) ? backend.get(Space.SESSIONS, key).orElse(null) : null;
        if (stored == null) {
            throw SessionException.notFound(id);
        }
        return new Found(codec.read(key, stored.value()), stored.revision());
    }

    /** The session, which goes on. */
    Found active(String id, String call) {
        Found found = get(id);
        if (!found.row().active()) {
            throw SessionException.closed(id, call);
        }
        return found;
    }

    /** That the session goes on, as what a commit expects of its record; throws {@code session_closed} if it does not. */
    Write.Expect expectActive(String id, String call) {
        return new Write.Expect(
                Space.SESSIONS, SessionKeys.session(id), active(id, call).revision());
    }

    List<SessionRow> all() {
        List<SessionRow> rows = new ArrayList<>();
        try (Cursor cursor = backend.scan(Space.SESSIONS, Range.prefix(SessionKeys.sessions()))) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                rows.add(codec.read(entry.key(), entry.stored().value()));
            }
        }
        return rows;
    }

    /** All that can be read; the others are logged. */
    List<SessionRow> readable() {
        List<SessionRow> rows = new ArrayList<>();
        try (Cursor cursor = backend.scan(Space.SESSIONS, Range.prefix(SessionKeys.sessions()))) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                try {
                    rows.add(codec.read(entry.key(), entry.stored().value()));
                } catch (LlmSpellException unreadable) {
                    LOG.warn("the record of a session cannot be read: {}", LogText.masked(unreadable.getMessage()));
                }
            }
        }
        return rows;
    }

    /** The ids of all sessions at a place, the oldest first. */
    List<String> at(SessionPlace place) {
        Bytes prefix = SessionKeys.places(place);
        List<String> ids = new ArrayList<>();
        try (Cursor cursor = backend.scan(Space.SESSIONS, Range.prefix(prefix))) {
            while (cursor.next()) {
                ids.add(cursor.entry().key().text(prefix.length()));
            }
        }
        return ids;
    }

    /** Gives each session of a store that has none of them a key for its place. */
    void place() {
        if (backend.get(Space.SESSIONS, SessionKeys.PLACED).isPresent()) {
            return;
        }
        for (SessionRow row : readable()) {
            Found now = get(row.id());
            Write expected = new Write.Expect(Space.SESSIONS, SessionKeys.session(row.id()), now.revision());
            Write entry = SessionPlace.of(now.row()).entry(row.id());
            backend.commit(
                    new Batch(List.of(expected, entry), WriteMode.BUFFERED, done -> {})); // else somebody was faster
        }
        backend.commit(new Batch(
                List.of(new Write.Put(Space.SESSIONS, SessionKeys.PLACED, SessionKeys.MARK)),
                WriteMode.BUFFERED,
                done -> {}));
    }

    /** Notes that a session was used, unless its record changes meanwhile; does not wait, and a failure is logged. */
    void noteUse(Found session, Instant when) {
        String id = session.row().id();
        Bytes key = SessionKeys.used(id);
        Bytes value = codec.instant(key, when);
        backend.commitAsync(new Batch(
                        List.of(
                                new Write.Expect(Space.SESSIONS, SessionKeys.session(id), session.revision()),
                                new Write.Put(Space.SESSIONS, key, value)),
                        WriteMode.BUFFERED,
                        done -> {}))
                .subscribe(
                        commit -> {},
                        failed -> LOG.debug("the use of session {} was not noted", id, LogText.maskedError(failed)));
    }

    /** When a session was used by the last note, else when it began. */
    Instant usedAt(SessionRow row) {
        Bytes key = SessionKeys.used(row.id());
        return backend.get(Space.SESSIONS, key)
                .map(stored -> codec.instant(key, stored.value()))
                .orElse(row.info().startedAt());
    }

    RecordBatch batch() {
        return new RecordBatch(backend, events, redactor);
    }

    /** A batch that replaces the row, if nobody else has meanwhile. */
    RecordBatch replacing(long revision, SessionRow row, @Nullable CorrelationId correlation) {
        Bytes key = SessionKeys.session(row.id());
        RecordBatch batch = batch();
        batch.add(new Write.Expect(Space.SESSIONS, key, revision));
        batch.add(new Write.Put(Space.SESSIONS, key, codec.write(key, row, correlation)));
        SessionPlace.note(batch, row);
        return batch;
    }

    /** A text as it is kept: without secrets. */
    String masked(String text) {
        return redactor.text(text);
    }

    /** A map as it is kept: without secrets. */
    JsonObject masked(JsonObject members) {
        return JsonValues.object((Map<?, ?>) Objects.requireNonNull(redactor.value(members)), JsonLimits.VALUE);
    }

    void report(String type, Map<String, ? extends @Nullable Object> payload, String id, Caller caller) {
        EventReporter telling = reporter;
        if (telling != null) {
            telling.report(type, payload, component(id), caller);
        }
    }

    static Map<String, @Nullable Object> payload(String id) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("session_id", id);
        return payload;
    }
}
