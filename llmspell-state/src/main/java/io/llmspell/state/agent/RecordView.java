package io.llmspell.state.agent;

import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the record of an agent to hooks: what is to be saved or removed, or what was read.
 *
 * @param <O> what the operation gives
 */
abstract class RecordView<O> implements View<RecordView.Input, O> {
    /** The agent, and its record: given for a save, read when a hook asks for a delete. */
    record Input(Component agent, Supplier<Optional<AgentRecord>> record) {
        static Input of(Component agent, AgentRecord record) {
            return new Input(agent, () -> Optional.of(record));
        }
    }

    @Override
    public @Nullable Object input(Input input) {
        return json(input.record().get());
    }

    static @Nullable JsonObject json(Optional<AgentRecord> record) {
        return record.map(AgentRecord::json).orElse(null);
    }

    @Override
    public @Nullable Object data(HookPoint point, Input input, @Nullable O output) {
        return output == null ? input(input) : output(output);
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        return Input.of(input.agent(), read(point, input, data));
    }

    /** A record keeps the name of its agent, under which it is found again. */
    static AgentRecord read(HookPoint point, Input input, @Nullable Object data) {
        if (!(data instanceof JsonObject json)) {
            throw JsonValueException.mismatch("record at " + point, "a map", data);
        }
        AgentRecord record = AgentRecord.of(json);
        if (!record.name().equals(input.agent().name())) {
            throw new ArgumentException(
                    "agent_name at " + point,
                    record.name(),
                    "\"" + input.agent().name() + "\" as before");
        }
        return record;
    }

    @Override
    public O answer(HookPoint point, Input input, @Nullable Object value) {
        throw new ArgumentException("an answer at " + point + " is not possible: the record is saved, or refused");
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return Map.of(
                "agent_id",
                input.agent().id().toString(),
                "agent_name",
                input.agent().name());
    }

    /** Of a save or a delete, which give a version or whether there was something. */
    static final class Change<O> extends RecordView<O> {
        @Override
        public @Nullable Object output(O output) {
            return output;
        }
    }

    /** Of a load. */
    static final class Load extends RecordView<Optional<AgentRecord>> {
        @Override
        public @Nullable Object input(Input input) {
            return JsonObject.of("agent_name", input.agent().name());
        }

        @Override
        public @Nullable Object output(Optional<AgentRecord> output) {
            return json(output);
        }

        @Override
        public Optional<AgentRecord> changed(
                HookPoint point, Input input, Optional<AgentRecord> output, @Nullable Object data) {
            return data == null ? Optional.empty() : Optional.of(read(point, input, data));
        }
    }
}
