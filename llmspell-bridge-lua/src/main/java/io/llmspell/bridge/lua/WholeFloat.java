package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaValue;

/**
 * A float that has no fraction, such as {@code 1.0}: LuaJ's own numbers would make the integer 1 of it.
 *
 * <p>Floats with a fraction, or beyond 2^53, are LuaJ's; so are all integers.
 */
final class WholeFloat extends LuaNumber {
    private final double value;

    WholeFloat(double value) {
        this.value = value;
    }

    /** The equal integer, which is what a table has as its key. */
    LuaValue integer() {
        return LuaInteger.valueOf((long) value);
    }

    /** Not that of a number: LuaJ's tables keep those as bare doubles and would give back an integer. */
    @Override
    public int type() {
        return TINT;
    }

    /** Nothing, for the same reason as the type. */
    @Override
    public LuaValue tonumber() {
        return NIL;
    }

    @Override
    public double todouble() {
        return value;
    }

    @Override
    public int toint() {
        return (int) (long) value;
    }

    @Override
    public long tolong() {
        return (long) value;
    }

    @Override
    public boolean raweq(LuaValue other) {
        return other.raweq(value);
    }

    @Override
    public boolean raweq(double other) {
        return value == other;
    }

    @Override
    public boolean raweq(int other) {
        return value == other;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WholeFloat same && Double.compare(same.value, value) == 0;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(value);
    }

    @Override
    public String tojstring() {
        return LuaNumbers.floatText(value);
    }
}
