package io.llmspell.state;

import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows reads to hooks, which may answer them or change what the caller gets; what is stored stays as it is. */
final class ReadView implements View<Reading, Optional<StateValue>> {
    private final Function<Reading, StateClass> classOf;

    /** Makes a view; the function tells the class of what is read. */
    ReadView(Function<Reading, StateClass> classOf) {
        this.classOf = classOf;
    }

    @Override
    public JsonObject input(Reading reading) {
        return JsonObject.of(
                "scope", reading.key().scope().text(),
                "key", reading.key().key(),
                "class", classOf.apply(reading).id());
    }

    @Override
    public @Nullable Object output(Optional<StateValue> output) {
        return output.map(StateValue::json).orElse(null);
    }

    @Override
    @SuppressWarnings("NullableOptional") // the view's contract: null before there is an output, which is an Optional
    public JsonObject data(HookPoint point, Reading reading, @Nullable Optional<StateValue> output) {
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
    public Optional<StateValue> answer(HookPoint point, Reading reading, @Nullable Object value) {
        return value == null
                ? Optional.empty()
                : Optional.of(new StateValue(JsonValues.checked(value, JsonLimits.VALUE), 0));
    }

    @Override
    public Optional<StateValue> changed(
            HookPoint point, Reading reading, Optional<StateValue> output, @Nullable Object data) {
        JsonObject shown = data(point, reading, output);
        Object value = PointData.merged(point, shown, data, List.of("value")).get("value");
        if (JsonValues.same(value, shown.get("value"))) {
            return output;
        }
        long version = output.map(StateValue::version).orElse(0L);
        return value == null ? Optional.empty() : Optional.of(new StateValue(value, version));
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
