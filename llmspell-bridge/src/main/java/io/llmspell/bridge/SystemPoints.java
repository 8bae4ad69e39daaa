package io.llmspell.bridge;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The hook points and events of the runtime's own start and end. */
final class SystemPoints {
    static final Component RUNTIME = Component.named(ComponentType.SYSTEM, "runtime");

    private final Passage<JsonObject, JsonObject> startup;
    private final Passage<JsonObject, JsonObject> shutdown;
    private final TimeSource time;
    private final long startNanos;

    SystemPoints(Gate gate, TimeSource time) {
        this.time = time;
        this.startNanos = time.nanos();
        View<JsonObject, JsonObject> view = new PlainView();
        this.startup = gate.passage(Operation.of(OperationKind.SYSTEM, view)
                .point(
                        HookPoint.SYSTEM_STARTUP,
                        Step.Stage.BEFORE,
                        EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL))
                .run((input, caller) -> input));
        this.shutdown = gate.passage(Operation.of(OperationKind.SYSTEM, view)
                .last(HookPoint.SYSTEM_SHUTDOWN)
                .run((input, caller) -> input));
    }

    void startup(String version, Set<Language> engines, Caller caller) {
        List<String> names = engines.stream().map(Language::id).toList();
        startup.call(RUNTIME, JsonObject.of("version", version, "engines", names), caller);
    }

    void started(EventBus events, String version, Caller caller) {
        new EventReporter(events, Redactor.create())
                .report("system.started", Map.of("version", version), RUNTIME, caller);
    }

    void shutdown(EventBus events, Caller caller) {
        long uptime = Duration.ofNanos(time.nanos() - startNanos).toMillis();
        shutdown.call(RUNTIME, JsonObject.of("reason", "closed", "uptime_ms", uptime), caller);
        new EventReporter(events, Redactor.create())
                .report("system.stopped", Map.of("reason", "closed"), RUNTIME, caller);
    }

    /** Input and output are the data of the point itself. */
    private static final class PlainView implements View<JsonObject, JsonObject> {
        @Override
        public Object input(JsonObject input) {
            return input;
        }

        @Override
        public Object output(JsonObject output) {
            return output;
        }

        @Override
        public Object data(HookPoint point, JsonObject input, @Nullable JsonObject output) {
            return input;
        }

        @Override
        public JsonObject modified(HookPoint point, JsonObject input, @Nullable Object data) {
            return input;
        }

        @Override
        public JsonObject answer(HookPoint point, JsonObject input, @Nullable Object value) {
            return input;
        }
    }
}
