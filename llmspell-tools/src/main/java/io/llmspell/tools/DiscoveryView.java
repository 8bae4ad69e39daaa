package io.llmspell.tools;

import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.ToolInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listing of tools as an operation; hooks may change the query and drop, order or redescribe what was found. */
final class DiscoveryView implements View<String, List<ToolInfo>> {
    private final RegistryImpl registry;

    DiscoveryView(RegistryImpl registry) {
        this.registry = registry;
    }

    Operation<String, List<ToolInfo>> operation() {
        return Operation.of(OperationKind.TOOL_DISCOVERY, this)
                .before(HookPoint.BEFORE_TOOL_DISCOVERY)
                .after(HookPoint.AFTER_TOOL_DISCOVERY)
                .run((query, caller) -> registry.matching(query));
    }

    @Override
    public Object input(String query) {
        return JsonObject.of("query", query);
    }

    @Override
    public Object output(List<ToolInfo> found) {
        return JsonValues.array(found.stream().map(DiscoveryView::shown).toList(), JsonLimits.TOOL);
    }

    private static JsonObject shown(ToolInfo info) {
        return JsonObject.of(
                "name", info.name(),
                "description", info.description(),
                "version", info.version(),
                "category", info.category(),
                "security_level", info.level().id(),
                "tags", info.tags().stream().sorted().toList());
    }

    @Override
    public Object data(HookPoint point, String query, @Nullable List<ToolInfo> found) {
        return found == null ? input(query) : JsonObject.of("tools", output(found), "discovered_count", found.size());
    }

    @Override
    public String modified(HookPoint point, String query, @Nullable Object data) {
        return PointData.merged(point, JsonObject.of("query", query), data, List.of("query"))
                .text("query");
    }

    @Override
    public List<ToolInfo> answer(HookPoint point, String query, @Nullable Object value) {
        Object tools = value instanceof JsonObject data ? data.get("tools") : value;
        if (!(tools instanceof JsonArray entries)) {
            throw JsonValueException.mismatch("tools", "an array", tools);
        }
        List<ToolInfo> answer = new ArrayList<>();
        for (Object entry : entries) {
            if (!(entry instanceof JsonObject shown)) {
                throw JsonValueException.mismatch("tools", "an array of maps with a name", entry);
            }
            ToolInfo info = registry.entry(shown.text("name")).info();
            JsonObject merged = PointData.merged(point, shown(info), shown, List.of("description"));
            answer.add(new ToolInfo(
                    info.name(),
                    info.version(),
                    info.category(),
                    merged.text("description"),
                    info.schema(),
                    info.level(),
                    info.tags()));
        }
        return List.copyOf(answer);
    }
}
