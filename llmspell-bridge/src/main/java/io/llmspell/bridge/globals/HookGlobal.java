package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookPointInfo;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The global {@code Hook}: hooks written in scripts. */
final class HookGlobal {
    private static final Set<String> OPTIONS =
            Set.of("priority", "name", "tags", "description", "version", "timeout_ms", "on_error", "enabled");
    private static final Set<String> OPTIONS_AND_TARGET = union(OPTIONS, "point", "hook_point", "handler");
    private static final Set<String> FILTER =
            Set.of("hook_point", "point", "language", "priority", "tag", "name", "system");
    private static final Map<String, Integer> PRIORITIES = Map.of(
            "highest", HookOptions.HIGHEST,
            "high", HookOptions.HIGH,
            "normal", HookOptions.NORMAL,
            "low", HookOptions.LOW,
            "lowest", HookOptions.LOWEST);
    private static final double DEFAULT_TIMEOUT_MILLIS = 100;
    private static final double LONGEST_TIMEOUT_MILLIS = 3_600_000;

    private final GlobalServices services;
    private final SessionCount count = new SessionCount("max_hooks", 1_000);

    private HookGlobal(GlobalServices services) {
        this.services = services;
    }

    private static Set<String> union(Set<String> names, String... more) {
        Set<String> all = new java.util.TreeSet<>(names);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    static ScriptModule describe(GlobalServices services) {
        HookGlobal hook = new HookGlobal(services);
        List<ScriptFunction> functions = List.of(
                ScriptFunction.plain(
                        "register",
                        "point, fn, priority or options; or {point =, handler =, ...}",
                        "Registers a hook; gives its handle.",
                        hook::register),
                ScriptFunction.plain(
                        "unregister",
                        "handle",
                        "Removes a hook: true the first time, then false.",
                        HookGlobal::unregister),
                ScriptFunction.plain("list", "point or filter?", "The registered hooks in running order.", hook::list),
                ScriptFunction.plain("points", "", "All hook points of the house.", call -> points()),
                ScriptFunction.plain(
                        "explain", "point", "Which hooks run at a point, in which order and why.", hook::explain),
                ScriptFunction.waiting(
                        "fire",
                        "custom point, data?",
                        "Runs the hooks of a point of your own; gives {result, reason, data}.",
                        hook::fire));
        return new ScriptModule("Hook", "Hooks around everything.", functions, List.of(HookResults.builders()), null);
    }

    private Object register(ScriptCall call) {
        if (call.raw(0) instanceof Map<?, ?>) {
            OptionReader options = new OptionReader(call.function(), call.map(0, "definition"), OPTIONS_AND_TARGET);
            ScriptCallback handler = options.callback("handler");
            if (handler == null) {
                throw new ArgumentException(call.function() + ": option \"handler\" is missing");
            }
            String point = options.has("point") ? options.text("point", "") : options.requiredText("hook_point");
            return register(call, HookPoint.parse(point), handler, options);
        }
        HookPoint point = HookPoint.parse(call.text(0, "point"));
        ScriptCallback handler = call.callback(1, "fn");
        Object third = call.raw(2);
        Map<String, @Nullable Object> options =
                third instanceof String || third instanceof Number ? Map.of("priority", third) : call.map(2, "options");
        return register(call, point, handler, new OptionReader(call.function(), options, OPTIONS));
    }

    private Object register(ScriptCall call, HookPoint point, ScriptCallback handler, OptionReader options) {
        Duration limit = Duration.ofMillis(
                (long) options.number("timeout_ms", DEFAULT_TIMEOUT_MILLIS, 1, LONGEST_TIMEOUT_MILLIS));
        Handle counted = count.take(call.session());
        HookHandle handle;
        try {
            handle = services.hooks()
                    .registry()
                    .register(point, options(call, point, options), new ScriptHook(services, handler, limit));
        } catch (RuntimeException refused) {
            counted.close();
            throw refused;
        }
        Handle kept = handler.retain();
        HookHandleObject object = new HookHandleObject(handle);
        object.owned(call.session().own(() -> {
            handle.close();
            kept.close();
            counted.close();
        }));
        return object;
    }

    private static HookOptions options(ScriptCall call, HookPoint point, OptionReader options) {
        Language language = call.session().language();
        String number = String.format(Locale.ROOT, "%06d", call.session().nextNumber());
        String name = options.text("name", language.id() + ":" + point.name() + ":" + number);
        List<String> tags = options.has("tags") ? options.texts("tags") : List.of(language.id());
        return HookOptions.builder(name)
                .description(options.text("description", ""))
                .version(options.text("version", "1.0.0"))
                .priority(priority(options.raw("priority")))
                .failurePolicy(policy(options.text("on_error", "continue")))
                .language(language)
                .tags(tags.toArray(String[]::new))
                .enabled(options.flag("enabled", true))
                .build();
    }

    private static int priority(@Nullable Object raw) {
        if (raw == null) {
            return HookOptions.NORMAL;
        }
        if (raw instanceof Number number && number.doubleValue() == Math.rint(number.doubleValue())) {
            return Math.toIntExact(Math.max(-10_000L, Math.min(10_000L, number.longValue())));
        }
        Integer named = PRIORITIES.get(String.valueOf(raw).toLowerCase(Locale.ROOT));
        if (named == null) {
            throw new ArgumentException(
                    "hook priority", String.valueOf(raw), "highest, high, normal, low, lowest or an integer");
        }
        return named;
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

    private Object list(ScriptCall call) {
        List<Object> rows = new ArrayList<>();
        for (HookInfo hook : services.hooks().registry().list(filter(call))) {
            rows.add(row(hook));
        }
        return rows;
    }

    private static HookFilter filter(ScriptCall call) {
        if (call.raw(0) instanceof String point) {
            return HookFilter.at(HookPoint.parse(point));
        }
        OptionReader wanted = new OptionReader(call.function(), call.map(0, "filter"), FILTER);
        String point = wanted.has("hook_point") ? wanted.optionalText("hook_point") : wanted.optionalText("point");
        String language = wanted.optionalText("language");
        boolean anyPriority = !wanted.has("priority");
        int priority = priority(wanted.raw("priority"));
        return new HookFilter(
                point == null ? null : HookPoint.parse(point),
                language == null ? null : Language.of(language),
                wanted.optionalText("tag"),
                wanted.optionalText("name"),
                anyPriority ? HookOptions.HIGHEST : priority,
                anyPriority ? HookOptions.LOWEST : priority,
                wanted.flag("system", false));
    }

    static Map<String, @Nullable Object> row(HookInfo hook) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("name", hook.name());
        row.put("id", hook.id());
        row.put("hook_point", hook.point().name());
        row.put("priority", level(hook.options().priority()));
        row.put("language", hook.language().id());
        row.put("version", hook.options().version());
        row.put("description", hook.options().description());
        row.put("tags", List.copyOf(hook.options().sortedTags()));
        row.put("enabled", hook.enabled());
        return row;
    }

    private static Object level(int priority) {
        for (Map.Entry<String, Integer> named : PRIORITIES.entrySet()) {
            if (named.getValue() == priority) {
                return named.getKey();
            }
        }
        return (long) priority;
    }

    private static Object points() {
        List<Object> rows = new ArrayList<>();
        for (HookPointInfo point : HookPoint.known()) {
            List<String> results =
                    point.phase().results().stream().map(HookResultKind::id).toList();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", point.name());
            row.put("group", point.group());
            row.put("results", results);
            rows.add(row);
        }
        return rows;
    }

    private Object explain(ScriptCall call) {
        HookPoint point = HookPoint.parse(call.text(0, "point"));
        List<Object> hooks = new ArrayList<>();
        services.hooks().registry().list(HookFilter.at(point)).forEach(hook -> hooks.add(row(hook)));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("hooks", hooks);
        answer.put("text", services.hooks().registry().explain(point));
        return answer;
    }

    private Object fire(ScriptCall call) {
        String name = call.text(0, "custom point");
        if (!name.startsWith("custom:")) {
            throw new ArgumentException(call.function() + ": point", name, "custom:NAME; the runtime fires the others");
        }
        var fired = services.hooks().fire(new HookPoint(name), call.json(1, JsonLimits.VALUE), call.caller());
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("result", fired.result().id());
        answer.put("reason", fired.reason());
        answer.put("data", fired.data());
        return answer;
    }
}
