package io.llmspell.tools;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.ToolResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows results of tools the way scripts, models and workflows get them.
 *
 * <p><b>Threads:</b> safe.
 */
public final class ToolResults {
    private static final JsonCodec CODEC = JsonCodec.create();
    private static final List<String> OF_ENVELOPE = List.of("text", "operation", "message");

    private ToolResults() {}

    /**
     * The envelope of a result: {@code text}, {@code success}, {@code operation}, {@code result}, {@code output},
     * {@code message}, {@code error} and {@code metadata}.
     *
     * <p>The text members {@code text}, {@code operation} and {@code message} of the tool's result move to the envelope;
     * {@code text} is else the JSON of the other members, and always so for a failure. A failure has {@code error} in
     * place of {@code result} and {@code output}.
     *
     * @param result how the call ended
     * @return the envelope
     */
    public static JsonObject envelope(ToolResult result) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        LlmSpellException error = result.error();
        members.put("success", result.success());
        copy("operation", result, members);
        if (error == null) {
            members.put("result", body(result));
            members.put("output", output(result));
        }
        copy("message", result, members);
        if (error != null) {
            members.put("error", JsonErrors.object(error));
        }
        members.put("metadata", metadata(result));
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put("text", text(result, members));
        envelope.putAll(members);
        return JsonValues.object(envelope, ENVELOPE);
    }

    /** Result, output and text hold the same data up to three times, so the envelope may be larger than its parts. */
    private static final JsonLimits ENVELOPE =
            new JsonLimits(JsonLimits.TOOL.depth() + 2, 4 * JsonLimits.TOOL.nodes(), 8 * JsonLimits.TOOL.bytes());

    /**
     * The main value of a result: its member {@code output}, else {@code result}, else {@code text}, else its only
     * member, else the whole result without the members of the envelope.
     *
     * @param result how the call ended
     * @return a JSON value, null after a failure
     */
    public static @Nullable Object output(ToolResult result) {
        if (!result.success()) {
            return null;
        }
        for (String name : List.of("output", "result", "text")) {
            if (result.result().containsKey(name)) {
                return result.result().get(name);
            }
        }
        JsonObject body = body(result);
        return body.size() == 1 ? body.values().iterator().next() : body;
    }

    private static JsonObject body(ToolResult result) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>(result.result());
        body.entrySet().removeIf(ToolResults::goesToEnvelope);
        return JsonValues.object(body, JsonLimits.TOOL);
    }

    private static boolean goesToEnvelope(Map.Entry<String, @Nullable Object> member) {
        return OF_ENVELOPE.contains(member.getKey()) && member.getValue() instanceof String;
    }

    private static void copy(String name, ToolResult from, Map<String, @Nullable Object> to) {
        if (from.result().get(name) instanceof String text) {
            to.put(name, text);
        }
    }

    private static String text(ToolResult result, Map<String, @Nullable Object> members) {
        return result.success() && result.result().get("text") instanceof String plain ? plain : CODEC.text(members);
    }

    private static JsonObject metadata(ToolResult result) {
        JsonObject metadata = JsonObject.of(
                "tool", result.tool(),
                "call_id", result.callId(),
                "duration_ms", result.duration().toMillis(),
                "cached", result.cached());
        return result.forks().isEmpty() ? metadata : metadata.with("forks", result.forks());
    }
}
