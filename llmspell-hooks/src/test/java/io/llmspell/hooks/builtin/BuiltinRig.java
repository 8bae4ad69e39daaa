package io.llmspell.hooks.builtin;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.meter.Meters;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Built-in hooks at a real gate, with a tool call on JSON values whose time stands still unless its body moves it. */
final class BuiltinRig implements AutoCloseable {
    static final Component CALC = Component.named(ComponentType.TOOL, "calc");
    static final HookPoint VALIDATION = HookPoint.TOOL_VALIDATION;
    static final HookPoint BEFORE = HookPoint.BEFORE_TOOL_EXECUTION;
    static final HookPoint AFTER = HookPoint.AFTER_TOOL_EXECUTION;
    static final HookPoint ERROR = HookPoint.TOOL_ERROR;
    static final HookPoint RELEASED = HookPoint.parse("tool_resource_released");

    /** What an alert said. */
    record Alert(String type, JsonObject payload) {}

    final ManualTime time = new ManualTime();
    final Hooks hooks = Hooks.builder().time(time).build();
    final RecordingLogger logger;
    final List<Alert> alerts = new CopyOnWriteArrayList<>();
    final BuiltinHooks builtins;
    final Passage<Outcome, Outcome> tool;
    volatile UnaryOperator<@Nullable Object> body = input -> input;

    BuiltinRig() {
        this(Level.TRACE, null, null);
    }

    BuiltinRig(Level least, @Nullable AuditLog audit, @Nullable Meters meters) {
        logger = new RecordingLogger(least);
        builtins = BuiltinHooks.of(
                hooks,
                BuiltinServices.builder(time)
                        .audit(audit)
                        .meters(meters)
                        .alerts((type, payload, caller) -> alerts.add(new Alert(type, payload)))
                        .loggers(name -> logger)
                        .build());
        tool = passage(OperationKind.TOOL_CALL, VALIDATION, BEFORE, AFTER, ERROR, RELEASED);
    }

    Passage<Outcome, Outcome> passage(
            OperationKind kind, HookPoint first, HookPoint before, HookPoint after, HookPoint error, HookPoint last) {
        return hooks.gate()
                .passage(Operation.of(kind, new JsonView())
                        .before(first)
                        .before(before)
                        .after(after)
                        .error(error)
                        .last(last)
                        .run((input, caller) ->
                                new Outcome(JsonValues.checked(body.apply(input.json()), JsonLimits.TOOL))));
    }

    static Caller caller() {
        return Caller.host(new CorrelationId("run-1"));
    }

    @Nullable Object call(@Nullable Object input) {
        return call(input, caller());
    }

    @Nullable Object call(@Nullable Object input, Caller caller) {
        return tool.call(CALC, new Outcome(JsonValues.checked(input, JsonLimits.TOOL)), caller)
                .json();
    }

    /** The error of a call that must fail. */
    LlmSpellException failure(@Nullable Object input) {
        try {
            Object output = call(input);
            throw new AssertionError("the call gave " + output);
        } catch (LlmSpellException failure) {
            return failure;
        }
    }

    /** Lets the body fail. */
    void failing() {
        body = input -> {
            throw new ArgumentException("input", "it", "something that works");
        };
    }

    /** Lets the body take so long. */
    void taking(Duration duration) {
        body = input -> {
            time.advance(duration);
            return input;
        };
    }

    void enable(String name, @Nullable Object... options) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            values.put(String.valueOf(options[i]), options[i + 1]);
        }
        builtins.enable(name, section(name, values));
    }

    static ConfigSection section(String name, Map<String, @Nullable Object> values) {
        return ConfigSection.of("hooks." + name, values);
    }

    /** A hook of a user that looks and goes on. */
    HookHandle look(HookPoint point, java.util.function.Consumer<io.llmspell.core.hook.HookContext> look) {
        Hook hook = context -> {
            look.accept(context);
            return HookResult.proceed();
        };
        return hooks.systemLast()
                .register(
                        point,
                        io.llmspell.core.hook.HookOptions.builder("zz-look")
                                .priority(1000)
                                .build(),
                        hook);
    }

    @Override
    public void close() {
        builtins.close();
        hooks.close();
    }

    private static final class JsonView implements View<Outcome, Outcome> {
        @Override
        public @Nullable Object input(Outcome input) {
            return input.json();
        }

        @Override
        public @Nullable Object output(Outcome output) {
            return output.json();
        }

        @Override
        public @Nullable Object data(HookPoint point, Outcome input, @Nullable Outcome output) {
            return output == null ? input.json() : output.json();
        }

        @Override
        public Outcome modified(HookPoint point, Outcome input, @Nullable Object data) {
            return new Outcome(data);
        }

        @Override
        public Outcome answer(HookPoint point, Outcome input, @Nullable Object value) {
            return new Outcome(value);
        }
    }
}
