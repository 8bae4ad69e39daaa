package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaDouble;
import org.luaj.vm2.LuaNumber;

/** Arithmetic on numbers, without coercion, metamethods or errors. */
final class LuaArithmetic {
    static final int ADD = 0;
    static final int SUB = 1;
    static final int MUL = 2;
    static final int DIV = 3;
    static final int MOD = 4;
    static final int POW = 5;
    static final int IDIV = 6;

    private LuaArithmetic() {}

    static LuaNumber compute(int operator, LuaNumber left, LuaNumber right) {
        double x = left.todouble();
        double y = right.todouble();
        return (LuaNumber) LuaDouble.valueOf(
                switch (operator) {
                    case ADD -> x + y;
                    case SUB -> x - y;
                    case MUL -> x * y;
                    case DIV -> x / y;
                    case MOD -> modulo(x, y);
                    case POW -> Math.pow(x, y);
                    default -> Math.floor(x / y);
                });
    }

    static LuaNumber negate(LuaNumber number) {
        return (LuaNumber) LuaDouble.valueOf(-number.todouble());
    }

    /** The remainder with the sign of {@code y}, exact where a division would round. */
    static double modulo(double x, double y) {
        double rest = x % y;
        return rest * y < 0 ? rest + y : rest;
    }
}
