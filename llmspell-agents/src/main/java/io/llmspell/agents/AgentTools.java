package io.llmspell.agents;

import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.ToolCall;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.text.Nearest;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolRegistry;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.tools.ToolResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tools as agents see them: what is offered to a model, and what becomes of the calls that it asks for. */
final class AgentTools {
    private static final JsonCodec CODEC = JsonCodec.create();
    private static final String ALL = "*";

    private final ToolRegistry registry;
    private final ToolExecutor executor;

    AgentTools(ToolRegistry registry, ToolExecutor executor) {
        this.registry = registry;
        this.executor = executor;
    }

    /** Refuses names of tools that do not exist. */
    void checkNames(List<String> names, Caller caller) {
        for (String name : names) {
            if (!name.equals(ALL) && registry.find(name).isEmpty()) {
                List<String> known = registry.discover("", caller).stream()
                        .map(ToolInfo::name)
                        .toList();
                String hint = Nearest.hint(name, known);
                throw new ToolException(
                        ErrorCode.TOOL_NOT_FOUND,
                        "an agent asks for the tool \"" + name + "\", which does not exist"
                                + (hint.isEmpty() ? "" : ", " + hint),
                        Map.of("tool", name, "nearest", Nearest.of(name, known)),
                        null);
            }
        }
    }

    /** What a model is offered; a tool that has been unregistered meanwhile is left out. */
    List<ToolInfo> offered(List<String> names, Caller caller) {
        if (names.contains(ALL)) {
            return registry.discover("", caller);
        }
        List<ToolInfo> infos = new ArrayList<>();
        for (String name : names) {
            Optional<Tool> tool = registry.find(name);
            tool.ifPresent(present -> infos.add(present.info()));
        }
        return List.copyOf(infos);
    }

    /** Calls a tool for a model; every failure and refusal but a cancellation is an answer for the model. */
    Answer call(ToolCall call, List<ToolInfo> offered, Caller caller) {
        try {
            if (offered.stream().noneMatch(info -> same(info.name(), call.tool()))) {
                throw notOffered(call.tool(), offered);
            }
            ToolResult result = executor.invoke(call.tool(), call.arguments(), caller);
            return new Answer(forModel(result), ToolResults.envelope(result));
        } catch (CancelledException stopped) {
            throw stopped;
        } catch (LlmSpellException refused) {
            JsonObject failure = JsonObject.of("success", false, "error", JsonErrors.object(refused));
            return new Answer(CODEC.text(failure), failure);
        }
    }

    private static boolean same(String a, String b) {
        return ToolInfo.lookup(a).equals(ToolInfo.lookup(b));
    }

    /** The plain text of the result if the tool gave one, else its JSON; without ids and times, which tell it nothing. */
    private static String forModel(ToolResult result) {
        LlmSpellException error = result.error();
        if (error != null) {
            return CODEC.text(JsonObject.of("success", false, "error", JsonErrors.object(error)));
        }
        return result.result().get("text") instanceof String plain ? plain : CODEC.text(result.result());
    }

    private static AgentException notOffered(String tool, List<ToolInfo> offered) {
        List<String> names = offered.stream().map(ToolInfo::name).toList();
        return new AgentException(
                ErrorCode.PERMISSION_DENIED,
                "the model asked for the tool \"" + tool + "\", but may call only: "
                        + (names.isEmpty() ? "none" : String.join(", ", names)),
                Map.of("tool", tool, "allowed", names),
                null);
    }

    /** What a tool call gave: as a message for the model, and as a member of the agent's response. */
    record Answer(String text, JsonObject result) {}
}
