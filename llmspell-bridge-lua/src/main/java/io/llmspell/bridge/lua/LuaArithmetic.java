package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaDouble;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;

/**
 * Arithmetic on numbers by the rules of Lua 5.4, without coercion, metamethods or errors.
 *
 * <p>Integers are exact to 2^53; a sum, difference or product beyond that is a float.
 */
final class LuaArithmetic {
    static final int ADD = 0;
    static final int SUB = 1;
    static final int MUL = 2;
    static final int DIV = 3;
    static final int MOD = 4;
    static final int POW = 5;
    static final int IDIV = 6;

    /** The largest number up to which each integer has a double of its own. */
    static final double EXACT = 0x1p53;

    private LuaArithmetic() {}

    /** Whether {@code number} is a float, which one without a fraction may be too. */
    static boolean isFloat(LuaNumber number) {
        if (number instanceof LuaInteger) {
            return false;
        }
        return number instanceof WholeFloat || !isExactInteger(number.todouble());
    }

    static boolean isExactInteger(double number) {
        return number == (long) number && Math.abs(number) <= EXACT;
    }

    static LuaNumber ofFloat(double number) {
        return isExactInteger(number) ? new WholeFloat(number) : LuaDouble.valueOf(number);
    }

    /** An integer; if it is beyond 2^53 a float near it. */
    static LuaNumber ofInteger(double number) {
        return LuaDouble.valueOf(number);
    }

    /** Two integers may not be divided by zero, which the caller must have seen to. */
    static LuaNumber compute(int operator, LuaNumber left, LuaNumber right) {
        double x = left.todouble();
        double y = right.todouble();
        double result = switch (operator) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MOD -> modulo(x, y);
            case POW -> Math.pow(x, y);
            default -> floorDivide(left, right);
        };
        if (result != (long) result) {
            return LuaDouble.valueOf(result); // a fraction: a float, whatever the operands are
        }
        return operator == DIV || operator == POW || isFloat(left) || isFloat(right)
                ? ofFloat(result)
                : ofInteger(result);
    }

    private static double floorDivide(LuaNumber left, LuaNumber right) {
        double x = left.todouble();
        double y = right.todouble();
        return isFloat(left) || isFloat(right) ? Math.floor(x / y) : Math.floorDiv((long) x, (long) y);
    }

    static LuaNumber negate(LuaNumber number) {
        return isFloat(number) ? ofFloat(-number.todouble()) : ofInteger(-number.todouble());
    }

    /** The remainder with the sign of {@code y}, exact where a division would round. */
    static double modulo(double x, double y) {
        double rest = x % y;
        return (rest > 0 && y < 0) || (rest < 0 && y > 0) ? rest + y : rest;
    }

    /** Moves the bits of {@code x} to the left, or right if {@code count} is negative, filling with zeros. */
    static long shift(long x, long count) {
        if (count <= -Long.SIZE || count >= Long.SIZE) {
            return 0;
        }
        return count >= 0 ? x << count : x >>> -count;
    }
}
