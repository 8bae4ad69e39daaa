package io.llmspell.state.session;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.state.Scope;
import io.llmspell.core.storage.Entry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows the operations of sessions to hooks. */
final class SessionViews {
    private SessionViews() {}

    /** The input of an operation. */
    sealed interface Input {
        /** The session. */
        String session();
    }

    /**
     * A start.
     *
     * @param row the session that is wanted
     */
    record Starting(SessionRow row) implements Input {
        @Override
        public String session() {
            return row.id();
        }
    }

    /**
     * A checkpoint.
     *
     * @param session the session
     * @param id the id of the checkpoint
     * @param name its name, or null
     * @param annotations what hooks write to it
     */
    record Checkpointing(
            String session, String id, @Nullable String name, JsonObject annotations) implements Input {}

    /**
     * A restore.
     *
     * @param session the session
     * @param checkpoint the checkpoint's id
     * @param records what it holds
     * @param keys the keys that may be touched
     */
    record Restoring(String session, String checkpoint, List<Entry> records, List<String> keys) implements Input {}

    /** An end. What it shows is looked up once, and only for somebody who looks. */
    static final class Ending implements Input {
        /** Why a session ended that nobody finished. */
        static final String IDLE = "idle";

        private final String session;
        private final SessionHouse house;
        private final boolean idle;
        private volatile @Nullable JsonObject shown;

        Ending(String session, SessionHouse house, boolean idle) {
            this.session = session;
            this.house = house;
            this.idle = idle;
        }

        @Override
        public String session() {
            return session;
        }

        boolean idle() {
            return idle;
        }

        JsonObject shown() {
            JsonObject present = shown;
            if (present == null) {
                present = JsonObject.of(
                        "session_id",
                        session,
                        "keys",
                        house.scopes().keys(Scope.session(session)),
                        "artifacts",
                        house.contents().get().ids(session));
                present = idle ? present.with("reason", IDLE) : present;
                shown = present;
            }
            return present;
        }
    }

    /** What the views have in common: the data is a map, a part of which can be changed. */
    abstract static class Base<I extends Input, O> implements View<I, O> {
        /** The data of the point. */
        abstract JsonObject shown(I input);

        @Override
        public Object input(I input) {
            return shown(input);
        }

        @Override
        public Object data(HookPoint point, I input, @Nullable O output) {
            return shown(input);
        }

        @Override
        public O answer(HookPoint point, I input, @Nullable Object value) {
            throw new HookException(
                    ErrorCode.RESULT_NOT_ALLOWED,
                    "a hook answered at " + point + " for session " + input.session()
                            + ", but that is only changed or cancelled",
                    Map.of("point", point.name()),
                    null);
        }

        @Override
        public Map<String, String> metadata(I input) {
            return Map.of("session_id", input.session());
        }
    }

    /** Of starts: the metadata can be changed. */
    static final class OfStart extends Base<Starting, SessionInfo> {
        @Override
        JsonObject shown(Starting input) {
            SessionInfo info = input.row().info();
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("session_id", info.id());
            data.put("name", info.name());
            data.put("metadata", info.metadata());
            if (info.parentId() != null) {
                data.put("parent_id", info.parentId());
            }
            return JsonValues.object(data, JsonLimits.TOOL);
        }

        @Override
        public Starting modified(HookPoint point, Starting input, @Nullable Object data) {
            Object metadata = PointData.merged(point, shown(input), data, List.of("metadata"))
                    .get("metadata");
            if (!(metadata instanceof JsonObject members)) {
                throw JsonValueException.mismatch("metadata", "a map", metadata);
            }
            SessionOptions checked = SessionOptions.DEFAULT.withMetadata(members);
            return new Starting(input.row().with(checked.metadata()));
        }

        @Override
        public Object output(SessionInfo output) {
            return JsonObject.of("session_id", output.id());
        }
    }

    /** Of checkpoints: the annotations can be changed. */
    static final class OfCheckpoint extends Base<Checkpointing, Checkpoint> {
        @Override
        JsonObject shown(Checkpointing input) {
            return JsonObject.of(
                    "session_id",
                    input.session(),
                    "checkpoint_id",
                    input.id(),
                    "name",
                    input.name(),
                    "annotations",
                    input.annotations());
        }

        @Override
        public Checkpointing modified(HookPoint point, Checkpointing input, @Nullable Object data) {
            Object annotations = PointData.merged(point, shown(input), data, List.of("annotations"))
                    .get("annotations");
            if (!(annotations instanceof JsonObject members)) {
                throw JsonValueException.mismatch("annotations", "a map", annotations);
            }
            SessionOptions checked = SessionOptions.DEFAULT.withMetadata(members); // the same limits
            return new Checkpointing(input.session(), input.id(), input.name(), checked.metadata());
        }

        @Override
        public Object output(Checkpoint output) {
            return JsonObject.of("checkpoint_id", output.id(), "keys", output.keys());
        }
    }

    /** Of restores: keys can be taken out, which then stay as they are. */
    static final class OfRestore extends Base<Restoring, Integer> {
        @Override
        JsonObject shown(Restoring input) {
            return JsonObject.of(
                    "session_id", input.session(), "checkpoint_id", input.checkpoint(), "keys", input.keys());
        }

        @Override
        public Restoring modified(HookPoint point, Restoring input, @Nullable Object data) {
            Object keys =
                    PointData.merged(point, shown(input), data, List.of("keys")).get("keys");
            if (!(keys instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
                throw JsonValueException.mismatch("keys", "an array of keys", keys);
            }
            List<String> wanted = list.stream().map(String.class::cast).toList();
            return new Restoring(
                    input.session(),
                    input.checkpoint(),
                    input.records(),
                    input.keys().stream()
                            .filter(new HashSet<>(wanted)::contains)
                            .toList());
        }

        @Override
        public Object output(Integer output) {
            return (long) output;
        }
    }

    /** Of ends: nothing can be changed. */
    static final class OfEnd extends Base<Ending, SessionInfo> {
        @Override
        JsonObject shown(Ending input) {
            return input.shown();
        }

        @Override
        public Ending modified(HookPoint point, Ending input, @Nullable Object data) {
            PointData.merged(point, shown(input), data, List.of());
            return input;
        }

        @Override
        public Object output(SessionInfo output) {
            return JsonObject.of("session_id", output.id());
        }
    }
}
