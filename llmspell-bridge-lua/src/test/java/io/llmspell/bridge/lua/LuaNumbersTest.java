package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.luaj.vm2.LuaValue;

/** Integers exact to 2^53 and errors beyond, never rounded values. */
class LuaNumbersTest {
    private static final long EXACT = 1L << 53;

    private final SandboxFixture fixture = new SandboxFixture();

    private String apply(String function, Object... args) throws LuaSyntaxException {
        LuaValue[] values = new LuaValue[args.length];
        for (int i = 0; i < args.length; i++) {
            values[i] = args[i] instanceof Double number
                    ? LuaArithmetic.ofFloat(number)
                    : LuaArithmetic.ofInteger(((Number) args[i]).doubleValue());
        }
        LuaValue result = fixture.sandbox
                .call(fixture.load("return " + function), LuaValue.varargsOf(values))
                .arg1();
        return result.isnil() ? "nil" : LuaText.toJavaLossy(LuaNumbers.text(result));
    }

    @Property(tries = 300)
    void bits_ofExactIntegers_areThoseOfLong(
            @ForAll @LongRange(min = -EXACT, max = EXACT) long x, @ForAll @LongRange(min = -EXACT, max = EXACT) long y)
            throws LuaSyntaxException {
        assertThat(apply("select(1, ...) & select(2, ...)", x, y)).isEqualTo(String.valueOf(x & y));
        assertThat(apply("(...) >> 20", Math.abs(x))).isEqualTo(String.valueOf(Math.abs(x) >>> 20));
        assertThat(apply("~(...)", x / 2)).isEqualTo(String.valueOf(~(x / 2)));
    }

    @Property(tries = 300)
    void floorDivision_ofExactIntegers_agreesWithTheRemainder(
            @ForAll @LongRange(min = -EXACT, max = EXACT) long x, @ForAll @IntRange(min = -1000, max = 1000) int y)
            throws LuaSyntaxException {
        if (y != 0) {
            assertThat(apply("select(1, ...) // select(2, ...)", x, y)).isEqualTo(String.valueOf(Math.floorDiv(x, y)));
            assertThat(apply("select(1, ...) % select(2, ...)", x, y)).isEqualTo(String.valueOf(Math.floorMod(x, y)));
        }
    }

    @Property(tries = 300)
    void pack_thenUnpack_givesTheIntegerBack(
            @ForAll @LongRange(min = -EXACT, max = EXACT) long x, @ForAll @IntRange(min = 8, max = 16) int size)
            throws LuaSyntaxException {
        assertThat(apply("string.unpack('>i" + size + "', string.pack('>i" + size + "', ...))", x))
                .isEqualTo(String.valueOf(x));
        assertThat(apply("string.unpack('<i" + size + "', string.pack('<i" + size + "', ...))", x))
                .isEqualTo(String.valueOf(x));
    }

    @Test
    void result_beyondTheExactIntegers_isAnError() {
        for (String expression : new String[] {
            "~0 >> 1",
            "1 << 54",
            "-1 >> 1",
            "2^53 + 2 | 0",
            "2^60 & 1",
            "string.unpack('<i8', '\\1\\0\\0\\0\\0\\0\\0\\127')",
        }) {
            assertThatThrownBy(() -> fixture.run("return " + expression))
                    .as(expression)
                    .isInstanceOf(ScriptError.class)
                    .hasMessageContaining("2^53");
        }
    }

    @Test
    void numeral_beyondTheExactIntegers_isRefusedAtLoad() {
        for (String numeral : new String[] {"9007199254740993", "0x7fffffffffffffff", "100000000000000000000"}) {
            assertThatThrownBy(() -> fixture.load("return " + numeral))
                    .isInstanceOf(LuaSyntaxException.class)
                    .hasMessageContaining("the integer " + numeral + " is beyond 2^53");
        }
    }

    @Test
    void textAfterANumber_inAFieldOfATable_staysText() throws LuaSyntaxException {
        for (String text : new String[] {"10", "-1", " 7", ".5", "0x10", "1e3"}) {
            assertThat(fixture.text("local t = {} t.x = 1 t.x = '" + text + "' return type(t.x) .. t.x"))
                    .isEqualTo("string" + text);
        }
    }

    @Test
    void wholeFloat_inEveryPlaceOfATable_staysAFloat() throws LuaSyntaxException {
        assertThat(fixture.text("local t = {1.0, x = 2.0, [true] = 3.0} t[100] = 4.0 t.y = 1 t.y = 5.0"
                        + " return t[1] .. ' ' .. t.x .. ' ' .. t[true] .. ' ' .. t[100] .. ' ' .. t.y"))
                .isEqualTo("1.0 2.0 3.0 4.0 5.0");
    }
}
