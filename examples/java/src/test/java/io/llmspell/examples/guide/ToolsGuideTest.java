package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.tools.ToolResults;
import org.junit.jupiter.api.Test;

class ToolsGuideTest extends Guide {
    @Test
    void calling() {
        // region
        ToolResult sum = spell.toolExecutor().invoke("calculator", JsonObject.of("input", "2 + 3 * 4"), caller);
        Object value = ToolResults.output(sum); // 14
        JsonObject envelope = ToolResults.envelope(sum); // what scripts get
        // endregion

        assertThat(value).isEqualTo(14L);
        assertThat(envelope.get("success")).isEqualTo(true);
    }

    @Test
    void ownTool() {
        // region
        Tool greet = new Tool() {
            private final ToolInfo info = new ToolInfo(
                    "greet",
                    "1.0.0",
                    "example",
                    "Greets somebody.",
                    JsonObject.of(
                            "type", "object",
                            "properties", JsonObject.of("name", JsonObject.of("type", "string", "description", "who")),
                            "required", JsonArray.of("name")),
                    SecurityLevel.SAFE);

            @Override
            public ToolInfo info() {
                return info;
            }

            @Override
            public JsonObject execute(JsonObject parameters, ToolRun run) {
                return JsonObject.of("output", "Hello, " + parameters.text("name"));
            }
        };
        Handle registered = spell.tools().register(greet);
        // endregion

        assertThat(ToolResults.output(spell.toolExecutor().invoke("greet", JsonObject.of("name", "Ann"), caller)))
                .isEqualTo("Hello, Ann");
        registered.close();
    }
}
