package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateClass;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link ValueSizeTest} is there for: limits that come too late, are a byte off, or count characters. */
@Timeout(60)
class ValueSizeFaultTest {
    private static final JsonLimits ENDLESS = new JsonLimits(64, 1_000_000, 1L << 30);

    private static void red(StateClass stateClass, ValueSizeCheck.Writer writer) {
        assertThatThrownBy(() -> ValueSizeCheck.run(stateClass, writer)).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"STANDARD", "EPHEMERAL"})
    void limitAfterCopying_isRed(StateClass stateClass) {
        JsonCodec codec = JsonCodec.create();
        red(stateClass, (state, key, json, given) -> {
            byte[] copy = codec.bytes(JsonValues.checked(json, ENDLESS));
            ValueSizeCheck.apply(state, key, copy.length < 0 ? "" : json, given);
        });
    }

    @ParameterizedTest
    @EnumSource
    void limitOfCharacters_isRed(StateClass stateClass) {
        red(stateClass, (state, key, json, given) -> {
            boolean passes = json instanceof String text && text.length() < 1 << 20;
            ValueSizeCheck.apply(state, key, passes ? "cut" : json, given);
        });
    }
}
