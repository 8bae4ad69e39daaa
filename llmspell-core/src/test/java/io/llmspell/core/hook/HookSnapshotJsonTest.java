package io.llmspell.core.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class HookSnapshotJsonTest {
    private static final JsonCodec CODEC = JsonCodec.create();

    private static HookSnapshot with(@Nullable Object data, @Nullable String parent) {
        return new HookSnapshot(
                HookPoint.BEFORE_TOOL_EXECUTION,
                Component.named(ComponentType.TOOL, "calculator"),
                "operation-1",
                "agent:writer",
                new CorrelationId("run-1"),
                parent,
                Language.LUA,
                Instant.parse("2026-11-22T01:02:03.456789012Z"),
                JsonValues.checked(data, JsonLimits.VALUE),
                Map.of("b", "2", "a", "1"),
                3);
    }

    static Stream<HookSnapshot> snapshots() {
        return Stream.of(
                with(null, null),
                with(Map.of(), "operation-0"),
                with("text \u00e4 \ud83d\ude00", null),
                with(9007199254740993L, null),
                with(new BigInteger("123456789012345678901234567890"), null),
                with(new BigDecimal("0.1000000000000000055511151231257827"), null),
                with(1.5, null),
                with(Map.of("list", Arrays.asList(1L, null, true, Map.of("deep", 2L))), "operation-0"));
    }

    @ParameterizedTest
    @MethodSource("snapshots")
    void json_throughText_restoresExactly(HookSnapshot snapshot) {
        String text = CODEC.text(snapshot.json());
        Object parsed = CODEC.parse(text, JsonLimits.VALUE);

        assertThat(HookSnapshot.of(JsonValues.object((Map<?, ?>) parsed, JsonLimits.VALUE)))
                .isEqualTo(snapshot);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            attempt   | 0          | attempt
            attempt   | 'x'        | attempt
            timestamp | 'today'    | today
            component | 'x'        | component
            metadata  | 1          | metadata
            point     | 1          | point
            more      | 1          | more
            """)
    void of_wrongMember_namesIt(String member, String value, String named) {
        Object json = value.matches("\\d+") ? (Object) Long.valueOf(value) : value;
        JsonObject wrong = with(null, null).json().with(member, json);

        assertThatThrownBy(() -> HookSnapshot.of(wrong))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining(named);
    }
}
