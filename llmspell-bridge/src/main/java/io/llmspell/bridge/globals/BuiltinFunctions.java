package io.llmspell.bridge.globals;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.notice.Violation;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptSession;
import io.llmspell.hooks.builtin.BuiltinHooks;
import io.llmspell.hooks.builtin.BuiltinInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets scripts switch the built-in hooks on and off: those that no host program has enabled, for as long as the engine
 * that enabled them lives.
 *
 * <p>A guard that the operator configured is no script's to remove.
 */
final class BuiltinFunctions {
    private static final Component HOOKS = Component.named(ComponentType.SYSTEM, "hooks");

    private final Supplier<BuiltinHooks> builtins;
    private final Supplier<Notices> notices;

    /** The engine that enabled a hook, by the name of the hook. */
    private final Map<String, ScriptSession> owners = new ConcurrentHashMap<>();

    BuiltinFunctions(Supplier<BuiltinHooks> builtins, Supplier<Notices> notices) {
        this.builtins = builtins;
        this.notices = notices;
    }

    List<ScriptFunction> functions() {
        return List.of(
                ScriptFunction.plain(
                        "enable_builtin",
                        "name, config?; or [{name =, config =}]",
                        "Enables built-in hooks, or changes their settings.",
                        this::enable),
                ScriptFunction.plain(
                        "disable_builtin",
                        "name or names?",
                        "Disables built-in hooks, without names all that scripts have enabled; whether one was enabled.",
                        this::disable),
                ScriptFunction.plain(
                        "is_builtin_enabled",
                        "name",
                        "Whether a built-in hook runs.",
                        call -> builtins.get().isEnabled(call.text(0, "name"))),
                ScriptFunction.plain(
                        "builtin_statistics",
                        "name",
                        "The figures of a built-in hook that is enabled.",
                        call -> builtins.get().statistics(call.text(0, "name"))),
                ScriptFunction.plain("list_builtin", "", "The built-in hooks.", call -> list()));
    }

    private Object enable(ScriptCall call) {
        if (call.raw(0) instanceof List<?> several) {
            for (Object each : several) {
                if (!(each instanceof Map<?, ?> one) || !(one.get("name") instanceof String name)) {
                    throw new ArgumentException(call.function() + ": each element must be a table {name =, config =}");
                }
                enable(call, name, one.get("config"));
            }
        } else {
            enable(call, call.text(0, "name"), call.raw(1));
        }
        return true;
    }

    private void enable(ScriptCall call, String name, @Nullable Object config) {
        own(name, call.caller());
        ScriptSession session = call.session();
        builtins.get().enable(name, ConfigSection.of("hooks." + name, options(name, config)));
        if (owners.put(name, session) != session) {
            session.own(() -> {
                if (owners.remove(name, session)) {
                    builtins.get().disable(name);
                }
            });
        }
    }

    private static Map<String, @Nullable Object> options(String name, @Nullable Object config) {
        Object plain = ScriptCall.plain(config);
        if (plain == null || (plain instanceof List<?> list && list.isEmpty())) {
            return Map.of();
        }
        if (plain instanceof Map<?, ?> map) {
            return JsonValues.object(map, JsonLimits.VALUE);
        }
        throw new ArgumentException("config of the built-in hook \"" + name + "\"", plain.toString(), "a table");
    }

    /** Refuses to touch what was enabled by another than a script. */
    private void own(String name, Caller caller) {
        if (builtins.get().isEnabled(name) && !owners.containsKey(name)) {
            notices.get().violated(Violation.denied("builtin_hook", name), HOOKS, caller);
            throw new HookException(
                    ErrorCode.PERMISSION_DENIED,
                    "the built-in hook \"" + name + "\" was enabled by the host program or its configuration,"
                            + " which alone may change it",
                    Map.of("hook", name),
                    null);
        }
    }

    private Object disable(ScriptCall call) {
        List<String> names = new ArrayList<>();
        Object wanted = call.raw(0);
        if (wanted == null) {
            names.addAll(owners.keySet());
        } else if (wanted instanceof List<?> list) {
            list.forEach(each -> names.add(String.valueOf(each)));
        } else {
            names.add(call.text(0, "name"));
        }
        names.forEach(name -> own(name, call.caller()));
        boolean any = false;
        for (String name : names) {
            owners.remove(name);
            any |= builtins.get().disable(name);
        }
        return any;
    }

    private Object list() {
        List<Object> rows = new ArrayList<>();
        for (BuiltinInfo builtin : builtins.get().list()) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("name", builtin.name());
            row.put("enabled", builtin.enabled());
            row.put("config", builtin.config());
            rows.add(row);
        }
        return rows;
    }
}
