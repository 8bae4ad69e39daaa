package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookOptionsBuilder;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.identity.Language;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Registers the hooks of scripts, and takes them back. */
final class HookRegistrar {
    private static final Set<String> OPTIONS = Set.of(
            "priority", "name", "tags", "description", "version", "timeout_ms", "on_error", "enabled", "isolated");
    private static final Set<String> OPTIONS_AND_TARGET = union(OPTIONS, "point", "hook_point", "handler");
    private static final Map<String, Integer> PRIORITIES = Map.of(
            "highest", HookOptions.HIGHEST,
            "high", HookOptions.HIGH,
            "normal", HookOptions.NORMAL,
            "low", HookOptions.LOW,
            "lowest", HookOptions.LOWEST);
    private static final double LONGEST_TIMEOUT_MILLIS = 3_600_000;

    private final GlobalServices services;
    private final SessionCount count = new SessionCount("max_hooks", 1_000);

    HookRegistrar(GlobalServices services) {
        this.services = services;
    }

    private static Set<String> union(Set<String> names, String... more) {
        Set<String> all = new TreeSet<>(names);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    List<ScriptFunction> functions() {
        return List.of(
                ScriptFunction.plain(
                        "register",
                        "point, fn, priority or options; or {point =, handler =, ...}",
                        "Registers a hook; gives its handle.",
                        this::register),
                ScriptFunction.plain(
                        "unregister",
                        "handle",
                        "Removes a hook: true the first time, then false.",
                        HookRegistrar::unregister));
    }

    private Object register(ScriptCall call) {
        if (call.raw(0) instanceof Map<?, ?>) {
            OptionReader options = new OptionReader(call.function(), call.map(0, "definition"), OPTIONS_AND_TARGET);
            String point = options.has("point") ? options.text("point", "") : options.requiredText("hook_point");
            if (!options.has("handler")) {
                throw new ArgumentException(call.function() + ": option \"handler\" is missing");
            }
            return register(call, HookPoint.parse(point), options.raw("handler"), options);
        }
        HookPoint point = HookPoint.parse(call.text(0, "point"));
        Object third = call.raw(2);
        Map<String, @Nullable Object> options =
                third instanceof String || third instanceof Number ? Map.of("priority", third) : call.map(2, "options");
        return register(call, point, call.raw(1), new OptionReader(call.function(), options, OPTIONS));
    }

    private Object register(ScriptCall call, HookPoint point, @Nullable Object handler, OptionReader given) {
        HookOptions options = options(call, point, given);
        Code code = code(call, handler, options);
        Handle counted = count.take(call.session());
        HookHandle handle;
        try {
            handle = code.register(services.hooks().registry(call.caller()), point);
        } catch (RuntimeException refused) {
            counted.close();
            code.close();
            throw refused;
        }
        HookHandleObject object = new HookHandleObject(handle);
        object.owned(call.session().own(() -> {
            handle.close();
            code.close();
            counted.close();
        }));
        return object;
    }

    /**
     * What runs as the hook.
     *
     * @param register puts it into a registry
     * @param kept what must be closed when it has gone
     */
    private record Code(BiFunction<HookRegistry, HookPoint, HookHandle> register, List<Handle> kept) {
        HookHandle register(HookRegistry registry, HookPoint point) {
            return register.apply(registry, point);
        }

        void close() {
            kept.forEach(Handle::close);
        }
    }

    private Code code(ScriptCall call, @Nullable Object handler, HookOptions options) {
        if (options.isolated()) {
            if (!(handler instanceof String module)) {
                throw call.wrong(1, "fn", "the name of a module, because isolated is true", handler);
            }
            IsolatedHandlers.Loaded loaded = services.hookParts()
                    .isolated()
                    .load(call.session(), call.caller().principal(), module);
            return function(call, loaded.handler(), options, loaded.engine());
        }
        if (handler instanceof ScriptCallback function) {
            return function(call, function, options, function.retain());
        }
        if (handler instanceof CompositeObject composite) {
            List<Handle> kept =
                    composite.functions().stream().map(ScriptCallback::retain).toList();
            return new Code((registry, point) -> composite.composition().register(registry, point, options), kept);
        }
        throw call.wrong(1, "fn", "a function", handler);
    }

    private Code function(ScriptCall call, ScriptCallback function, HookOptions options, Handle kept) {
        ScriptHook hook = new ScriptHook(services, function, call.caller().principal(), options);
        return new Code((registry, point) -> registry.register(point, options, hook), List.of(kept));
    }

    private static HookOptions options(ScriptCall call, HookPoint point, OptionReader options) {
        Language language = call.session().language();
        String number = String.format(Locale.ROOT, "%06d", call.session().nextNumber());
        String name = options.text("name", language.id() + ":" + point.name() + ":" + number);
        List<String> tags = options.has("tags") ? options.texts("tags") : List.of(language.id());
        HookOptionsBuilder builder = basics(HookOptions.builder(name), options)
                .description(options.text("description", ""))
                .version(options.text("version", "1.0.0"))
                .language(language)
                .tags(tags.toArray(String[]::new))
                .enabled(options.flag("enabled", true));
        if (options.flag("isolated", false)) {
            builder.isolated();
        }
        return builder.build();
    }

    /** The options that a child of a composite has too. */
    static HookOptionsBuilder basics(HookOptionsBuilder builder, OptionReader options) {
        builder.priority(priority(options.raw("priority"))).failurePolicy(policy(options.text("on_error", "continue")));
        if (options.has("timeout_ms")) {
            builder.timeout(Duration.ofMillis((long) options.number("timeout_ms", 1, 1, LONGEST_TIMEOUT_MILLIS)));
        }
        return builder;
    }

    static int priority(@Nullable Object raw) {
        if (raw == null) {
            return HookOptions.NORMAL;
        }
        if (raw instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && Math.abs(number.doubleValue()) <= HookOptions.LOWEST) {
            return number.intValue();
        }
        Integer named = PRIORITIES.get(String.valueOf(raw).toLowerCase(Locale.ROOT));
        if (named == null) {
            throw new ArgumentException(
                    "hook priority",
                    String.valueOf(raw),
                    "highest, high, normal, low, lowest or an integer from " + HookOptions.HIGHEST + " to "
                            + HookOptions.LOWEST);
        }
        return named;
    }

    /** The name of a priority, or its number. */
    static Object level(int priority) {
        for (Map.Entry<String, Integer> named : PRIORITIES.entrySet()) {
            if (named.getValue() == priority) {
                return named.getKey();
            }
        }
        return (long) priority;
    }

    private static FailurePolicy policy(String text) {
        return switch (text) {
            case "continue" -> FailurePolicy.FAIL_OPEN;
            case "refuse" -> FailurePolicy.FAIL_CLOSED;
            case "disable" -> FailurePolicy.QUARANTINE;
            default -> throw new ArgumentException("on_error", text, "continue, refuse or disable");
        };
    }

    private static Object unregister(ScriptCall call) {
        if (call.raw(0) instanceof HookHandleObject handle) {
            return handle.unregister();
        }
        throw call.wrong(0, "handle", "the handle that Hook.register gave", call.raw(0));
    }
}
