package io.llmspell.bridge.lua;

import org.luaj.vm2.Lua;

/** Instruction words: those of Lua 5.2 as LuaJ numbers them, and after them what Lua 5.4 added. */
final class LuaOp {
    static final int IDIV = 40;
    static final int BAND = 41;
    static final int BOR = 42;
    static final int BXOR = 43;
    static final int SHL = 44;
    static final int SHR = 45;
    static final int BNOT = 46;

    /** Marks register A as a variable to be closed. */
    static final int CLOSING = 47;

    static final int MAX_BX = (1 << 18) - 1;
    static final int MAX_C = (1 << 9) - 1;
    static final int JUMP_BIAS = MAX_BX >> 1;

    /** Set in an operand that is a constant. */
    static final int CONSTANT_BIT = 0x100;

    private LuaOp() {}

    static int abc(int op, int a, int b, int c) {
        return op | a << 6 | c << 14 | b << 23;
    }

    static int abx(int op, int a, int bx) {
        return op | a << 6 | bx << 14;
    }

    static int asbx(int op, int a, int sbx) {
        return abx(op, a, sbx + JUMP_BIAS);
    }

    static int op(int instruction) {
        return instruction & 0x3f;
    }

    static int a(int instruction) {
        return (instruction >> 6) & 0xff;
    }

    static int b(int instruction) {
        return instruction >>> 23;
    }

    static int c(int instruction) {
        return (instruction >> 14) & 0x1ff;
    }

    static int sbx(int instruction) {
        return (instruction >>> 14) - JUMP_BIAS;
    }

    static int withOp(int instruction, int op) {
        return (instruction & ~0x3f) | op;
    }

    static int withA(int instruction, int a) {
        return (instruction & ~(0xff << 6)) | a << 6;
    }

    static int withB(int instruction, int b) {
        return (instruction & ~(0x1ff << 23)) | b << 23;
    }

    static int withC(int instruction, int c) {
        return (instruction & ~(0x1ff << 14)) | c << 14;
    }

    static int withSbx(int instruction, int sbx) {
        return (instruction & 0x3fff) | (sbx + JUMP_BIAS) << 14;
    }

    /** Whether the instruction decides if the jump after it is taken. */
    static boolean isTest(int op) {
        return op == Lua.OP_EQ || op == Lua.OP_LT || op == Lua.OP_LE || op == Lua.OP_TEST || op == Lua.OP_TESTSET;
    }

    /** Whether the instruction gives register A a value. */
    static boolean setsA(int op) {
        return op < IDIV ? Lua.testAMode(op) : op <= BNOT;
    }

    /** Whether the instruction computes one value of two operands B and C. */
    static boolean isArithmetic(int op) {
        return (op >= Lua.OP_ADD && op <= Lua.OP_POW) || (op >= IDIV && op <= SHR);
    }
}
