package io.llmspell.bridge.globals;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.Sampling;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.notice.Violation;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The global {@code Agent}: make agents and find them. */
final class AgentGlobal {
    private static final Set<String> CONFIG = Set.of(
            "name",
            "description",
            "type",
            "model",
            "provider",
            "system_prompt",
            "tools",
            "allowed_tools",
            "resource_limits",
            "temperature",
            "max_tokens",
            "api_key",
            "base_url");
    private static final Set<String> LIMITS = Set.of("max_tool_calls", "max_iterations");
    private static final Set<String> MODEL = Set.of("provider", "model_id", "temperature", "max_tokens");

    private static final Component PROVIDERS = Component.named(ComponentType.SYSTEM, "providers");

    private final GlobalServices services;

    private AgentGlobal(GlobalServices services) {
        this.services = services;
    }

    static ScriptModule describe(GlobalServices services) {
        AgentGlobal agent = new AgentGlobal(services);
        return ScriptModule.of(
                "Agent",
                "Agents that answer with models and tools.",
                List.of(
                        ScriptFunction.waiting(
                                "create = create_async",
                                "{name, model = \"provider/model\", system_prompt, tools, temperature, max_tokens, description, type,"
                                        + " resource_limits}",
                                "Makes an agent that is ready.",
                                agent::create),
                        ScriptFunction.plain(
                                "register",
                                "[name,] config",
                                "Holds an agent that is built by its first run; gives its name.",
                                agent::register),
                        ScriptFunction.plain(
                                "get", "name", "Gives an agent, or nil.", call -> agent.find(call.text(0, "name"))),
                        ScriptFunction.plain("list", "", "Describes all agents.", call -> agent.list())));
    }

    private Object create(ScriptCall call) {
        OptionReader config = new OptionReader(call.function(), call.map(0, "config"), CONFIG);
        AgentConfig built = config(call, config, config.requiredText("name"));
        return new AgentObject(services, services.agents().registry().create(built, call.caller()));
    }

    private Object register(ScriptCall call) {
        boolean named = call.raw(0) instanceof String;
        OptionReader config = new OptionReader(call.function(), call.map(named ? 1 : 0, "config"), CONFIG);
        String name = named ? call.text(0, "name") : config.requiredText("name");
        services.agents().registry().register(config(call, config, name));
        return name;
    }

    private AgentConfig config(ScriptCall call, OptionReader config, String name) {
        OptionReader limits = new OptionReader(call.function(), config.map("resource_limits"), LIMITS);
        refuseAccess(config, call.caller());
        String model = model(call, config);
        List<String> tools = config.has("tools") ? config.texts("tools") : config.texts("allowed_tools");
        return AgentConfig.builder(name)
                .description(config.text("description", ""))
                .type(config.text("type", model.isEmpty() ? "basic" : "llm"))
                .model(model)
                .systemPrompt(config.text("system_prompt", ""))
                .sampling(sampling(call, config))
                .tools(tools)
                .maxToolCalls((int) limits.whole("max_tool_calls", 100, 0, 1_000_000))
                .maxIterations((int) limits.whole("max_iterations", 25, 1, 1_000_000))
                .build();
    }

    /** Keys and addresses of providers are the host's to give. */
    private void refuseAccess(OptionReader config, Caller caller) {
        for (String name : List.of("api_key", "base_url")) {
            if (config.has(name)) {
                services.notices().get().violated(Violation.denied("providers", name), PROVIDERS, caller);
                throw new AgentException(
                        ErrorCode.PERMISSION_DENIED,
                        "a script may not set " + name + " of an agent; the host program configures providers",
                        Map.of("option", name, "grant", "providers"),
                        null);
            }
        }
    }

    private static Sampling sampling(ScriptCall call, OptionReader config) {
        OptionReader model = modelMembers(call, config);
        return new Sampling(number(model, "temperature", number(config, "temperature", null)), whole(config, model));
    }

    private static @Nullable Double number(OptionReader options, String name, @Nullable Double otherwise) {
        return options.has(name) ? Double.valueOf(options.number(name, 0, 0, 2)) : otherwise;
    }

    private static @Nullable Integer whole(OptionReader config, OptionReader model) {
        OptionReader from = model.has("max_tokens") ? model : config;
        return from.has("max_tokens") ? Integer.valueOf((int) from.whole("max_tokens", 0, 1, Integer.MAX_VALUE)) : null;
    }

    @SuppressWarnings("unchecked") // engines give maps with text keys only
    private static OptionReader modelMembers(ScriptCall call, OptionReader config) {
        Map<String, @Nullable Object> members =
                config.raw("model") instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
        return new OptionReader(call.function(), members, MODEL);
    }

    private static String model(ScriptCall call, OptionReader config) {
        String provider = config.text("provider", "");
        String model;
        if (config.raw("model") instanceof Map<?, ?>) {
            OptionReader members = modelMembers(call, config);
            provider = members.text("provider", provider);
            model = members.text("model_id", "");
        } else {
            model = config.text("model", "");
        }
        boolean named = model.indexOf('/') >= 0 || provider.isEmpty();
        return named ? model : provider + "/" + model;
    }

    private @Nullable Object find(String name) {
        return services.agents()
                .registry()
                .find(name)
                .map(found -> new AgentObject(services, found))
                .orElse(null);
    }

    private Object list() {
        List<Object> rows = new ArrayList<>();
        for (Agent agent : services.agents().registry().list()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", agent.config().name());
            row.put("id", agent.component().id().toString());
            row.put("type", agent.config().type());
            row.put("state", agent.state().id());
            row.put("model", agent.config().model());
            rows.add(row);
        }
        return rows;
    }
}
