package io.llmspell.workflows;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.text.Nearest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows the way from one step to the next to hooks, which may choose another step. */
final class TransitionView implements View<TransitionView.Input, String> {
    /** The run, the step behind and the name of the step ahead. */
    record Input(SequentialRun run, WorkflowStep from, String to) {}

    @Override
    public Object input(Input input) {
        return JsonObject.of("from_stage", input.from().name(), "to_stage", input.to());
    }

    @Override
    public Object output(String to) {
        return to;
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable String to) {
        return input(input);
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        Object to = Changes.member(point, (JsonObject) input(input), data, "to_stage");
        return new Input(input.run(), input.from(), known(input, to));
    }

    @Override
    public String answer(HookPoint point, Input input, @Nullable Object value) {
        return known(input, value);
    }

    private static String known(Input input, @Nullable Object to) {
        if (!(to instanceof String name)) {
            throw JsonValueException.mismatch("to_stage", "the name of a step", to);
        }
        List<String> names = input.run().stepNames();
        if (!names.contains(name)) {
            String hint = Nearest.hint(name, names);
            throw new ArgumentException(
                    "to_stage", name, "a step of the workflow: " + (hint.isEmpty() ? String.join(", ", names) : hint));
        }
        return name;
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.run().keys(input.from());
    }
}
