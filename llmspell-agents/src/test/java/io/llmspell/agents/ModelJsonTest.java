package io.llmspell.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ModelJsonTest {
    @Test
    void cachedTokens_areShownIfThereAreAny_andReadBack() {
        ModelResponse cached = new ModelResponse("a", List.of(), new TokenUsage(1_000, 5, 400), "stop");

        JsonObject shown = ModelJson.response(cached);

        assertThat(shown.get("token_usage"))
                .isEqualTo(JsonObject.of(
                        "input_tokens", 1_000L, "output_tokens", 5L, "total_tokens", 1_005L, "cached_tokens", 400L));
        assertThat(ModelJson.response(shown)).isEqualTo(cached);
        assertThat(ModelJson.usage(new TokenUsage(1, 1))).doesNotContainKey("cached_tokens");
    }
}
