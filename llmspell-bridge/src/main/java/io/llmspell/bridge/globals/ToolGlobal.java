package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.script.ScriptRecord;
import io.llmspell.core.script.ScriptSession;
import io.llmspell.core.text.Nearest;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.tools.ToolResults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The global {@code Tool}: find, call and make tools. */
final class ToolGlobal {
    private static final Set<String> INVOKE = Set.of("correlation_id", "timeout_ms");
    private static final Set<String> FILTER = Set.of("category", "query", "tag");

    private final GlobalServices services;
    private final Map<String, Made> made = new ConcurrentHashMap<>();

    private ToolGlobal(GlobalServices services) {
        this.services = services;
    }

    static ScriptModule describe(GlobalServices services) {
        ToolGlobal tool = new ToolGlobal(services);
        List<ScriptFunction> functions = List.of(
                ScriptFunction.waiting(
                        "invoke = execute",
                        "name, params = {}, {timeout_ms, correlation_id}?",
                        "Calls a tool; a tool that ran and failed gives success = false.",
                        tool::invoke),
                ScriptFunction.waiting(
                        "try_invoke = execute_async",
                        "name, params = {}, options?",
                        "Calls a tool and never raises.",
                        tool::tryInvoke),
                ScriptFunction.plain(
                        "get = get_by_name", "name", "Gives a tool, or nil.", call -> tool.find(call.text(0, "name"))),
                ScriptFunction.plain(
                        "exists",
                        "name",
                        "Whether a tool is there.",
                        call -> services.tools()
                                .registry()
                                .find(call.text(0, "name"))
                                .isPresent()),
                ScriptFunction.waiting(
                        "list", "", "Describes all tools.", call -> tool.rows("", info -> true, call.caller())),
                ScriptFunction.waiting("discover", "{category, tag, query}?", "Describes some tools.", tool::discover),
                ScriptFunction.plain("categories", "", "The categories of all tools.", tool::categories),
                ScriptFunction.plain(
                        "register = create",
                        "{name, description, parameters, execute = fn(params, ctx), category, security_level, tags}",
                        "Makes a tool of a function; create(\"name\") gives a tool.",
                        tool::register),
                ScriptFunction.plain(
                        "unregister",
                        "name",
                        "Removes a tool that this script made; gives whether it was there.",
                        tool::unregister));
        return new ScriptModule("Tool", "Tools for scripts and agents.", functions, List.of(), tool::find);
    }

    @Nullable ToolObject find(String name) {
        return services.tools()
                .registry()
                .find(name)
                .map(found -> new ToolObject(this, found))
                .orElse(null);
    }

    private Object invoke(ScriptCall call) {
        return invoke(call, call.text(0, "name"), 1);
    }

    Object invoke(ScriptCall call, String name, int at) {
        OptionReader options = new OptionReader(call.function(), call.map(at + 1, "options"), INVOKE);
        JsonObject parameters = unwrapped(name, call.object(at, "params", JsonLimits.TOOL));
        String correlation = options.optionalText("correlation_id");
        Caller caller = correlation == null ? call.caller() : call.caller().correlated(new CorrelationId(correlation));
        return shown(services.tools().executor().invoke(name, parameters, services.timed(caller, options)));
    }

    /** {@code {parameters = {...}}} alone means its content, unless the tool declares such a parameter. */
    private JsonObject unwrapped(String name, JsonObject parameters) {
        if (parameters.size() != 1 || !(parameters.get("parameters") instanceof JsonObject inner)) {
            return parameters;
        }
        boolean declared = services.tools()
                .registry()
                .find(name)
                .map(tool -> tool.info().schema().get("properties"))
                .filter(properties -> properties instanceof Map<?, ?> map && map.containsKey("parameters"))
                .isPresent();
        return declared ? parameters : inner;
    }

    static Object shown(ToolResult result) {
        return result.success() ? ToolResults.envelope(result) : ResultErrors.shown(ToolResults.envelope(result));
    }

    private Object tryInvoke(ScriptCall call) {
        try {
            return invoke(call);
        } catch (LlmSpellException e) {
            return failure(e);
        }
    }

    private static Object failure(LlmSpellException e) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", e.code().id());
        error.put("message", e.text());
        error.put("details", e.details());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("success", false);
        result.put("error", ScriptRecord.shown(error, e.text()));
        return result;
    }

    private Object discover(ScriptCall call) {
        OptionReader filter = new OptionReader(call.function(), call.map(0, "filter"), FILTER);
        String category = filter.text("category", "");
        String tag = filter.text("tag", "");
        return rows(
                filter.text("query", ""),
                info -> (category.isEmpty() || category.equals(info.category()))
                        && (tag.isEmpty() || info.tags().contains(tag)),
                call.caller());
    }

    private Object rows(String query, Predicate<ToolInfo> wanted, Caller caller) {
        List<Object> rows = new ArrayList<>();
        for (ToolInfo info : services.tools().registry().discover(query, caller)) {
            if (wanted.test(info)) {
                rows.add(row(info));
            }
        }
        return rows;
    }

    static Map<String, Object> row(ToolInfo info) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", info.name());
        row.put("description", info.description());
        row.put("version", info.version());
        row.put("category", info.category());
        row.put("security_level", info.level().id());
        row.put("tags", List.copyOf(new TreeSet<>(info.tags())));
        return row;
    }

    private Object categories(ScriptCall call) {
        Set<String> categories = new TreeSet<>();
        services.tools().registry().discover("", call.caller()).forEach(info -> categories.add(info.category()));
        return List.copyOf(categories);
    }

    private Object register(ScriptCall call) {
        if (call.raw(0) instanceof String name) {
            ToolObject found = find(name);
            if (found == null) {
                throw notFound(call, name);
            }
            return found;
        }
        ScriptTool tool = ScriptTool.define(call, services.time());
        Handle handle = services.tools().registry().register(tool);
        Handle kept = tool.function().retain();
        String key = ToolInfo.lookup(tool.info().name());
        Handle owned = call.session().own(() -> {
            handle.close();
            kept.close();
            made.remove(key);
        });
        made.put(key, new Made(call.session(), owned));
        return new ToolObject(this, tool);
    }

    private Object unregister(ScriptCall call) {
        Made found = made.get(ToolInfo.lookup(call.text(0, "name")));
        if (found == null || found.session() != call.session()) {
            return false;
        }
        found.handle().close();
        return true;
    }

    /** A tool that a script made, and what removes it. */
    private record Made(ScriptSession session, Handle handle) {}

    private ToolException notFound(ScriptCall call, String name) {
        List<String> names = services.tools().registry().discover("", call.caller()).stream()
                .map(ToolInfo::name)
                .toList();
        String hint = Nearest.hint(name, names);
        return new ToolException(
                ErrorCode.TOOL_NOT_FOUND,
                "no tool is named \"" + name + "\"" + (hint.isEmpty() ? "" : ", " + hint),
                Map.of("tool", name),
                null);
    }
}
