package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaNumber;

/** An expression whose code is only partly made, so that the rest can be made for where its value goes. */
final class LuaExp {
    /** The end of a list of jumps. */
    static final int NO_JUMP = -1;

    /** Where the value of an expression is. */
    enum Kind {
        /** No expression. */
        VOID,
        NIL,
        TRUE,
        FALSE,
        /** {@code info} is the constant. */
        CONSTANT,
        /** {@code number} is the value. */
        NUMBER,
        /** {@code info} is the register. */
        REGISTER,
        /** A local variable; {@code info} is its register. */
        LOCAL,
        /** {@code info} is the upvalue. */
        UPVALUE,
        /** {@code table} and {@code key} say where. */
        INDEXED,
        /** A comparison; {@code info} is the jump. */
        JUMP,
        /** {@code info} is an instruction that can put its result into any register. */
        RELOCATABLE,
        /** {@code info} is the call. */
        CALL,
        /** {@code info} is the instruction. */
        VARARG
    }

    Kind kind = Kind.VOID;
    int info;

    /** The register or upvalue of the table. */
    int table;

    boolean isTableUpvalue;

    /** The register or constant of the key. */
    int key;

    @Nullable LuaNumber number;

    /** Jumps taken when the value is true. */
    int whenTrue = NO_JUMP;

    /** Jumps taken when the value is false. */
    int whenFalse = NO_JUMP;

    LuaExp set(Kind newKind, int newInfo) {
        kind = newKind;
        info = newInfo;
        whenTrue = NO_JUMP;
        whenFalse = NO_JUMP;
        return this;
    }

    static LuaExp of(LuaNumber number) {
        LuaExp made = new LuaExp();
        made.set(Kind.NUMBER, 0).number = number;
        return made;
    }

    void copy(LuaExp other) {
        kind = other.kind;
        info = other.info;
        table = other.table;
        isTableUpvalue = other.isTableUpvalue;
        key = other.key;
        number = other.number;
        whenTrue = other.whenTrue;
        whenFalse = other.whenFalse;
    }

    boolean hasJumps() {
        return whenTrue != whenFalse;
    }

    /** The number that is all the expression, or null. */
    @Nullable LuaNumber numeral() {
        return kind == Kind.NUMBER && whenTrue == NO_JUMP && whenFalse == NO_JUMP ? number : null;
    }

    boolean hasManyResults() {
        return kind == Kind.CALL || kind == Kind.VARARG;
    }

    boolean isVariable() {
        return kind == Kind.LOCAL || kind == Kind.UPVALUE || kind == Kind.INDEXED;
    }

    /** Whether the value is a constant that is neither nil nor false. */
    boolean isConstantTrue() {
        return kind == Kind.CONSTANT || kind == Kind.NUMBER || kind == Kind.TRUE;
    }

    boolean isConstantFalse() {
        return kind == Kind.NIL || kind == Kind.FALSE;
    }
}
