package io.llmspell.state;

import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateClass;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows reads to hooks, which may answer them or change what the caller gets; what is stored stays as it is. */
final class ReadView implements View<Reading, Cell> {
    private final Function<Reading, StateClass> classOf;
    private final Secrets secrets;

    /** Makes a view; the function tells the class of what is read. */
    ReadView(Function<Reading, StateClass> classOf, Secrets secrets) {
        this.classOf = classOf;
        this.secrets = secrets;
    }

    @Override
    public JsonObject input(Reading reading) {
        return JsonObject.of(
                "scope", reading.key().scope().text(),
                "key", reading.key().key(),
                "class", classOf.apply(reading).id());
    }

    @Override
    public @Nullable Object output(Cell output) {
        return secrets.masked(output.secrecy(), output.json());
    }

    @Override
    public @Nullable Object exactOutput(Cell output) {
        return output.json();
    }

    @Override
    public JsonObject data(HookPoint point, Reading reading, @Nullable Cell output) {
        JsonObject data = input(reading).with("principal", reading.principal().text());
        return output == null ? data : data.with("value", output(output));
    }

    @Override
    public Reading modified(HookPoint point, Reading reading, @Nullable Object data) {
        PointData.merged(point, data(point, reading, null), data, List.of());
        return reading;
    }

    /** A value that a hook gives has no version; null stands for nothing there. */
    @Override
    public Cell answer(HookPoint point, Reading reading, @Nullable Object value) {
        return cell(reading, JsonValues.checked(value, JsonLimits.VALUE), 0);
    }

    private Cell cell(Reading reading, @Nullable Object json, long version) {
        if (json == null) {
            return Cell.ABSENT;
        }
        StateClass stateClass = classOf.apply(reading);
        return Cell.of(json, version, stateClass, Cell.NEVER, secrets.of(reading.key(), stateClass, json));
    }

    @Override
    public Cell changed(HookPoint point, Reading reading, Cell output, @Nullable Object data) {
        JsonObject shown = data(point, reading, output);
        Object value = PointData.merged(point, shown, data, List.of("value")).get("value");
        if (JsonValues.same(value, shown.get("value"))) {
            return output;
        }
        Object whole = Secrets.restored(value, shown.get("value"), output.json());
        return cell(reading, whole, output.revision());
    }

    @Override
    public Map<String, String> metadata(Reading reading) {
        return Map.of(
                "scope", reading.key().scope().text(),
                "key", reading.key().key(),
                "class", classOf.apply(reading).id(),
                "principal", reading.principal().text());
    }
}
