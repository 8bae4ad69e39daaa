package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The check of values must find whole numbers that went through floating point, and a store that takes anything. */
@Timeout(60)
final class LuaValuesFaultTest {
    /** Long through double. */
    private static @Nullable Object rounded(@Nullable Object value) {
        if (value instanceof Long number) {
            return (long) (double) number;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(each -> copy.add(rounded(each)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, each) -> copy.put(name, rounded(each)));
            return copy;
        }
        return value;
    }

    @Test
    void numbersThroughFloatingPoint_areFound() {
        assertThat(new LuaValuesCheck(LuaValuesFaultTest::rounded, "State.set").run())
                .anyMatch(each -> each.contains("9007199254740993"));
    }

    @Test
    void storeThatSwallowsWhatItCannotKeep_isFound() {
        assertThat(new LuaValuesCheck(value -> value, "(function(k, v) pcall(State.set, k, v) end)").run())
                .anyMatch(each -> each.contains("in place of value_not_convertible"))
                .anyMatch(each -> each.contains("in place of value_too_large"));
    }
}
