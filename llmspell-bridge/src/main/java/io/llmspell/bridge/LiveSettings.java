package io.llmspell.bridge;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.text.Nearest;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The options that can be changed while the runtime runs; each change passes {@code ConfigurationChange} before it acts.
 *
 * <p>Sections are added while the runtime is built and only read afterwards. <b>Threads:</b> changes may come from any;
 * of two at once in one section the later one wins.
 */
final class LiveSettings {
    private static final Set<HookResultKind> CHANGE_OR_REFUSE =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL, HookResultKind.MODIFIED);

    /** A section: its present values, and how new ones are read and put to use. */
    private record Section<T>(
            Supplier<Map<String, @Nullable Object>> values, Function<ConfigSection, T> reader, Consumer<T> use) {
        ConfigSection with(String name, String key, @Nullable Object value) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>(values.get());
            all.put(key, value);
            return ConfigSection.of(name, all);
        }

        /** Reads changed options; what it gives puts them to use. */
        Runnable read(ConfigSection changed) {
            T settings = reader.apply(changed);
            return () -> use.accept(settings);
        }
    }

    /** One change of one option. */
    private record Change(
            String section,
            String key,
            @Nullable Object old,
            @Nullable Object value,
            String source) {
        JsonObject data() {
            return JsonObject.of(
                    "section", section, "key", key, "old_value", old, "new_value", value, "source", source);
        }
    }

    private final Map<String, Section<?>> sections = new LinkedHashMap<>();
    private final Passage<Change, JsonObject> passage;
    private final EventReporter events;
    private final Component runtime;

    LiveSettings(Gate gate, EventReporter events, Component runtime) {
        this.events = events;
        this.runtime = runtime;
        this.passage = gate.passage(Operation.of(OperationKind.SYSTEM, new ChangeView())
                .promise("option", (change, caller) -> checked(change))
                .point(HookPoint.CONFIGURATION_CHANGE, Step.Stage.BEFORE, CHANGE_OR_REFUSE)
                .run((change, caller) -> use(change)));
    }

    /** Adds a section; before the first change. */
    <T> void add(
            String name,
            Supplier<Map<String, @Nullable Object>> values,
            Function<ConfigSection, T> reader,
            Consumer<T> use) {
        sections.put(name, new Section<>(values, reader, use));
    }

    /** Changes an option. */
    void change(String section, String key, @Nullable Object value, String source, Caller caller) {
        Map<String, @Nullable Object> present = section(section).values().get();
        if (!present.containsKey(key)) {
            throw unknown("option of [" + section + "]", key, present.keySet());
        }
        Object checked = JsonValues.checked(value, JsonLimits.VALUE);
        passage.call(runtime, new Change(section, key, present.get(key), checked, source), caller);
        events.report("config.changed", Map.of("section", section, "key", key), runtime, caller);
    }

    private Section<?> section(String name) {
        Section<?> section = sections.get(name);
        if (section == null) {
            throw unknown("section that can be changed while the runtime runs", name, sections.keySet());
        }
        return section;
    }

    private static ArgumentException unknown(String what, String name, Set<String> known) {
        String hint = Nearest.hint(name, List.copyOf(known));
        return new ArgumentException(
                what, name, "one of " + String.join(", ", known) + (hint.isEmpty() ? "" : "; " + hint));
    }

    private Runnable read(Change change) {
        Section<?> section = section(change.section());
        return section.read(section.with(change.section(), change.key(), change.value()));
    }

    /** A change whose value is one that the section takes. */
    private Change checked(Change change) {
        read(change);
        return change;
    }

    private JsonObject use(Change change) {
        read(change).run();
        return change.data();
    }

    /** Shows a change to hooks, which may choose another value or refuse it. */
    private static final class ChangeView implements View<Change, JsonObject> {
        @Override
        public Object input(Change change) {
            return change.data();
        }

        @Override
        public Object output(JsonObject data) {
            return data;
        }

        @Override
        public Object data(HookPoint point, Change change, @Nullable JsonObject output) {
            return change.data();
        }

        @Override
        public Change modified(HookPoint point, Change change, @Nullable Object data) {
            JsonObject merged = PointData.merged(point, change.data(), data, List.of("new_value"));
            return new Change(change.section(), change.key(), change.old(), merged.get("new_value"), change.source());
        }

        @Override
        public JsonObject answer(HookPoint point, Change change, @Nullable Object value) {
            throw new ArgumentException("a change cannot be answered at " + point + "; only changed or refused");
        }

        @Override
        public Map<String, String> metadata(Change change) {
            return Map.of("section", change.section(), "key", change.key());
        }
    }
}
