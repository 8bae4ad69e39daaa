package io.llmspell.testing.tool;

import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolInfo;

/**
 * A tool that does what a test says; it takes any parameters.
 *
 * <p><b>Threads:</b> as safe as its body.
 */
public final class ScriptedTool implements Tool {
    private final ToolInfo info;
    private final Body body;

    /**
     * Makes a tool of the level {@link SecurityLevel#SAFE}.
     *
     * @param name its name
     * @param body what it does
     */
    public ScriptedTool(String name, Body body) {
        this(name, SecurityLevel.SAFE, JsonObject.of("type", "object", "additionalProperties", true), body);
    }

    /**
     * Makes a tool.
     *
     * @param name its name
     * @param level its level
     * @param schema the schema of its parameters
     * @param body what it does
     */
    public ScriptedTool(String name, SecurityLevel level, JsonObject schema, Body body) {
        this.info = new ToolInfo(name, "1.0.0", "test", "Does what the test " + name + " needs.", schema, level);
        this.body = body;
    }

    @Override
    public ToolInfo info() {
        return info;
    }

    @Override
    public JsonObject execute(JsonObject parameters, ToolRun run) throws Exception {
        return body.run(parameters, run);
    }

    /** What a scripted tool does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Does it.
         *
         * @param parameters the parameters
         * @param run the present call
         * @return the result
         * @throws Exception any failure
         */
        JsonObject run(JsonObject parameters, ToolRun run) throws Exception;
    }
}
