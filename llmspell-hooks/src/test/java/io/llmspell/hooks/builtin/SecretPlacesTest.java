package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SecretPlacesTest {
    private static final String SECRET = "sk-" + "aB3_".repeat(12);

    private static List<String> in(@Nullable Object json) {
        return new SecretPlaces(Redactor.create()).in(json);
    }

    @Test
    void places_areNamedWithoutTheSecret() {
        assertThat(in(JsonObject.of(
                        "a",
                        JsonArray.of(1, JsonObject.of("dbPassword", "x")),
                        "b",
                        SECRET,
                        SECRET,
                        SECRET,
                        "author",
                        "Ada")))
                .containsExactly("$.a[1].dbPassword", "$.b", "$.[REDACTED]");
        assertThat(in(SECRET)).containsExactly("$");
        assertThat(in(null)).isEmpty();
        assertThat(in(JsonObject.of("token", null, "secret", true))).isEmpty();
    }

    @Test
    void places_many_endWithTheEighth() {
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(SECRET);
        }

        assertThat(in(JsonArray.of(many.toArray()))).hasSize(8).endsWith("$[7]");
    }

    @Test
    void search_ofAHugeValue_ends() {
        String huge = "x ".repeat(200_000);

        assertThat(in(JsonArray.of(huge, SECRET)))
                .as("beyond what is looked at")
                .isEmpty();
        assertThat(in(JsonArray.of(SECRET, huge))).containsExactly("$[0]");
    }
}
