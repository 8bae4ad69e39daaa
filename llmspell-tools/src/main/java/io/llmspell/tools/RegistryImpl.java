package io.llmspell.tools;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.ComponentBreakers;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.SchemaCompiler;
import io.llmspell.core.text.Nearest;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Tools by the look-up form of their names; a skip list, so that listings are in order without sorting. */
final class RegistryImpl implements ToolRegistry {
    private static final Component COMPONENT = Component.named(ComponentType.SYSTEM, "tools");

    private final ConcurrentSkipListMap<String, ToolEntry> tools = new ConcurrentSkipListMap<>();
    private final AtomicLong registrations = new AtomicLong();
    private final SchemaCompiler schemas;
    private final ComponentBreakers breakers;
    private final Passage<String, List<ToolInfo>> discovery;

    RegistryImpl(Gate gate, SchemaCompiler schemas, ComponentBreakers breakers) {
        this.schemas = schemas;
        this.breakers = breakers;
        this.discovery = gate.passage(new DiscoveryView(this).operation());
    }

    @Override
    public Handle register(Tool tool) {
        return register(tool, ParameterRules.of(tool.info(), schemas));
    }

    /** Registers a tool of the house. */
    void registerBuiltin(Tool tool) {
        register(tool, ParameterRules.lazily(tool.info(), schemas));
    }

    private Handle register(Tool tool, ParameterRules rules) {
        ToolInfo info = tool.info();
        Component component = Component.named(ComponentType.TOOL, info.name());
        ToolEntry entry =
                new ToolEntry(tool, info, component, rules, breakers.of(component), registrations.incrementAndGet());
        String key = ToolInfo.lookup(info.name());
        ToolEntry present = tools.putIfAbsent(key, entry);
        if (present != null) {
            throw new ToolException(
                    ErrorCode.TOOL_EXISTS,
                    "a tool named \"" + present.info().name() + "\" is registered already; close its handle first, or"
                            + " choose another name",
                    Map.of("tool", present.info().name()),
                    null);
        }
        return () -> tools.remove(key, entry);
    }

    @Override
    public Optional<Tool> find(String name) {
        return Optional.ofNullable(tools.get(ToolInfo.lookup(name))).map(ToolEntry::tool);
    }

    @Override
    public List<ToolInfo> discover(String query, Caller caller) {
        return discovery.call(COMPONENT, query, caller);
    }

    List<ToolInfo> matching(String query) {
        String wanted = query.toLowerCase(Locale.ROOT);
        return tools.values().stream()
                .map(ToolEntry::info)
                .filter(info -> matches(info, wanted))
                .toList();
    }

    private static boolean matches(ToolInfo info, String wanted) {
        return wanted.isEmpty()
                || ToolInfo.lookup(info.name()).contains(ToolInfo.lookup(wanted))
                || info.category().toLowerCase(Locale.ROOT).contains(wanted)
                || info.description().toLowerCase(Locale.ROOT).contains(wanted);
    }

    ToolEntry entry(String name) {
        ToolEntry entry = tools.get(ToolInfo.lookup(name));
        if (entry != null) {
            return entry;
        }
        List<String> names =
                tools.values().stream().map(present -> present.info().name()).toList();
        String hint = Nearest.hint(name, names);
        throw new ToolException(
                ErrorCode.TOOL_NOT_FOUND,
                "no tool is named \"" + name + "\"" + (hint.isEmpty() ? "" : ", " + hint),
                Map.of("tool", name, "nearest", Nearest.of(name, names)),
                null);
    }
}
