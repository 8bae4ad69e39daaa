package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;

/** The operators between two operands, with the precedence that Lua 5.4 gives them. */
enum LuaOperator {
    OR(1, 1, 0),
    AND(2, 2, 0),
    EQ(3, 3, Lua.OP_EQ),
    NE(3, 3, Lua.OP_EQ),
    LT(3, 3, Lua.OP_LT),
    LE(3, 3, Lua.OP_LE),
    GT(3, 3, Lua.OP_LT),
    GE(3, 3, Lua.OP_LE),
    BOR(4, 4, LuaOp.BOR),
    BXOR(5, 5, LuaOp.BXOR),
    BAND(6, 6, LuaOp.BAND),
    SHL(7, 7, LuaOp.SHL),
    SHR(7, 7, LuaOp.SHR),
    /** Right associative, as is the power. */
    CONCAT(9, 8, Lua.OP_CONCAT),
    ADD(10, 10, Lua.OP_ADD),
    SUB(10, 10, Lua.OP_SUB),
    MUL(11, 11, Lua.OP_MUL),
    DIV(11, 11, Lua.OP_DIV),
    IDIV(11, 11, LuaOp.IDIV),
    MOD(11, 11, Lua.OP_MOD),
    POW(14, 13, Lua.OP_POW);

    /** How strongly the operators before an operand hold it. */
    static final int UNARY = 12;

    final int left;
    final int right;
    final int op;

    LuaOperator(int left, int right, int op) {
        this.left = left;
        this.right = right;
        this.op = op;
    }

    /** Whether the compiler computes it when both operands are numerals. */
    boolean isFolded() {
        return compareTo(ADD) >= 0;
    }

    /** The number of the operator in {@link LuaArithmetic}. */
    int arithmetic() {
        return op == LuaOp.IDIV ? LuaArithmetic.IDIV : op - Lua.OP_ADD;
    }

    static @Nullable LuaOperator of(LuaToken token) {
        return switch (token) {
            case OR -> OR;
            case AND -> AND;
            case EQUAL -> EQ;
            case NOT_EQUAL -> NE;
            case LESS -> LT;
            case LESS_EQUAL -> LE;
            case GREATER -> GT;
            case GREATER_EQUAL -> GE;
            case BAR -> BOR;
            case TILDE -> BXOR;
            case AMPERSAND -> BAND;
            case SHIFT_LEFT -> SHL;
            case SHIFT_RIGHT -> SHR;
            case CONCAT -> CONCAT;
            case PLUS -> ADD;
            case MINUS -> SUB;
            case STAR -> MUL;
            case SLASH -> DIV;
            case DOUBLE_SLASH -> IDIV;
            case PERCENT -> MOD;
            case CARET -> POW;
            default -> null;
        };
    }

    /** The operators before an operand. */
    enum Unary {
        NOT(Lua.OP_NOT),
        MINUS(Lua.OP_UNM),
        LENGTH(Lua.OP_LEN),
        BNOT(LuaOp.BNOT);

        final int op;

        Unary(int op) {
            this.op = op;
        }

        static @Nullable Unary of(LuaToken token) {
            return switch (token) {
                case NOT -> NOT;
                case MINUS -> MINUS;
                case HASH -> LENGTH;
                case TILDE -> BNOT;
                default -> null;
            };
        }
    }
}
