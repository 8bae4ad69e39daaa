package io.llmspell.bridge.lua;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.luaj.vm2.LuaTable;

/**
 * A number that a Lua number cannot hold, such as an integer beyond 2^53: it prints, compares and goes back unchanged.
 * Arithmetic on it is an error, never a rounded value.
 */
final class ExactNumber extends LuaTable {
    private final Number value;

    ExactNumber(Number value) {
        this.value = value;
    }

    Number value() {
        return value;
    }

    String text() {
        return value.toString();
    }

    BigDecimal decimal() {
        if (value instanceof BigDecimal exact) {
            return exact;
        }
        if (value instanceof BigInteger whole) {
            return new BigDecimal(whole);
        }
        return value instanceof Double
                ? BigDecimal.valueOf(value.doubleValue())
                : BigDecimal.valueOf(value.longValue());
    }
}
