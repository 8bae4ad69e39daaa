package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows changes to hooks, which may change the value of a set before it is committed and nothing else. */
abstract class ChangeView<O> implements View<Planned, O> {
    @Override
    public Object input(Planned part) {
        return input(part, part.shown());
    }

    @Override
    public Object exactInput(Planned part) {
        return input(part, part.json());
    }

    private static JsonObject input(Planned part, @Nullable Object value) {
        JsonObject shown = JsonObject.of(
                "scope", part.key().scope().text(),
                "key", part.key().key(),
                "class", part.stateClass().id(),
                "value", value,
                "change", part.change().id());
        Duration ttl = part.wanted().ttl();
        return ttl == null ? shown : shown.with("ttl_ms", ttl.toMillis());
    }

    @Override
    public JsonObject data(HookPoint point, Planned part, @Nullable O output) {
        return output == null ? before(part) : after(part, output);
    }

    private static JsonObject before(Planned part) {
        return JsonObject.of(
                "scope", part.key().scope().text(),
                "key", part.key().key(),
                "class", part.stateClass().id(),
                "principal", part.principal().text(),
                "value", part.shown(),
                "old_value", old(part, part.prior().show()),
                "change", part.change().id());
    }

    /** After the commit the old value can no longer be read, so it is there only if somebody asked for it before. */
    private JsonObject after(Planned part, O output) {
        JsonObject data = JsonObject.of(
                "scope", part.key().scope().text(),
                "key", part.key().key(),
                "class", part.stateClass().id(),
                "principal", part.principal().text(),
                "value", part.shown(),
                "change", part.change().id(),
                "version", output(output));
        Cell old = part.prior().known();
        return old == null ? data : data.with("old_value", old(part, old));
    }

    private static @Nullable Object old(Planned part, Cell cell) {
        return part.transaction().secrets().masked(cell.secrecy(), cell.json());
    }

    @Override
    public Planned modified(HookPoint point, Planned part, @Nullable Object data) {
        List<String> replaceable = part.change() == Change.SET ? List.of("value") : List.of();
        JsonObject shown = before(part);
        Object value = PointData.merged(point, shown, data, replaceable).get("value");
        return part.with(Secrets.restored(value, shown.get("value"), part.json()));
    }

    @Override
    public O answer(HookPoint point, Planned part, @Nullable Object value) {
        throw new HookException(
                ErrorCode.RESULT_NOT_ALLOWED,
                "a hook answered the write of " + part.key() + " at " + point
                        + ", but a write is only changed or cancelled",
                Map.of("point", point.name()),
                null);
    }

    @Override
    public Map<String, String> metadata(Planned part) {
        return Map.of(
                "scope", part.key().scope().text(),
                "key", part.key().key(),
                "class", part.stateClass().id(),
                "principal", part.principal().text(),
                "change", part.change().id());
    }

    /** Of operations whose output is the version of the commit. */
    static final class Committed extends ChangeView<Long> {
        @Override
        public Object output(Long version) {
            return version;
        }

        /** Only a peer that has committed the change in place of this operation gives a version. */
        @Override
        public Long answer(HookPoint point, Planned part, @Nullable Object value) {
            return value instanceof Long version ? version : super.answer(point, part, value);
        }
    }

    /** Of operations whose output is the change itself, ready to be committed with others. */
    static final class Prepared extends ChangeView<Planned> {
        @Override
        public Object output(Planned part) {
            return input(part);
        }
    }
}
