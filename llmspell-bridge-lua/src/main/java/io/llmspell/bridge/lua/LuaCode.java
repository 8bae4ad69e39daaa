package io.llmspell.bridge.lua;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;

/** The instructions of one function while they are made: words, lines, constants, registers, jumps. */
final class LuaCode {
    /** A register that is none. */
    static final int NO_REGISTER = 0xff;

    private static final int MAX_REGISTERS = 250;

    private final LuaLexer lexer;
    private final List<LuaValue> constants = new ArrayList<>();
    private final Map<Object, Integer> places = new HashMap<>();
    private int[] words = new int[16];
    private int[] lines = new int[16];
    private int size;
    private int lastTarget = -1;
    private int pending = LuaExp.NO_JUMP;
    private int free;
    private int most = 2;

    LuaCode(LuaLexer lexer) {
        this.lexer = lexer;
    }

    /** Where the next instruction goes. */
    int here() {
        return size;
    }

    int[] words() {
        return Arrays.copyOf(words, size);
    }

    int[] lines() {
        return Arrays.copyOf(lines, size);
    }

    LuaValue[] constants() {
        return constants.toArray(LuaValue[]::new);
    }

    int registers() {
        return most;
    }

    int word(int at) {
        return words[at];
    }

    void patch(int at, int word) {
        words[at] = word;
    }

    // ---- instructions

    int emit(int word) {
        landPending();
        if (size == words.length) {
            words = Arrays.copyOf(words, size * 2);
            lines = Arrays.copyOf(lines, size * 2);
        }
        words[size] = word;
        lines[size] = lexer.lastLine();
        return size++;
    }

    int emit(int op, int a, int b, int c) {
        return emit(LuaOp.abc(op, a, b, c));
    }

    /** Takes back the last instruction. */
    void dropLast() {
        size--;
    }

    /** Gives the last instruction another line. */
    void line(int line) {
        lines[size - 1] = line;
    }

    void loadNil(int first, int count) {
        int from = first;
        int last = first + count - 1;
        if (size > lastTarget && size > 0 && LuaOp.op(words[size - 1]) == Lua.OP_LOADNIL) {
            int before = words[size - 1];
            int beforeFrom = LuaOp.a(before);
            int beforeLast = beforeFrom + LuaOp.b(before);
            if ((beforeFrom <= from && from <= beforeLast + 1) || (from <= beforeFrom && beforeFrom <= last + 1)) {
                from = Math.min(from, beforeFrom);
                last = Math.max(last, beforeLast);
                words[size - 1] = LuaOp.withB(LuaOp.withA(before, from), last - from);
                return;
            }
        }
        emit(Lua.OP_LOADNIL, from, count - 1, 0);
    }

    void loadConstant(int register, int constant) {
        if (constant <= LuaOp.MAX_BX) {
            emit(LuaOp.abx(Lua.OP_LOADK, register, constant));
        } else {
            emit(LuaOp.abx(Lua.OP_LOADKX, register, 0));
            emit(Lua.OP_EXTRAARG | constant << 6);
        }
    }

    void setList(int table, int count, int pendingCount) {
        int block = (count - 1) / Lua.LFIELDS_PER_FLUSH + 1;
        int b = Math.max(pendingCount, 0);
        if (block <= LuaOp.MAX_C) {
            emit(Lua.OP_SETLIST, table, b, block);
        } else {
            emit(Lua.OP_SETLIST, table, b, 0);
            emit(block);
        }
        free = table + 1;
    }

    // ---- registers

    int free() {
        return free;
    }

    void free(int first) {
        free = first;
    }

    void checkStack(int count) {
        int needed = free + count;
        if (needed > most) {
            if (needed >= MAX_REGISTERS) {
                throw lexer.problemHere("function or expression needs too many registers");
            }
            most = needed;
        }
    }

    void reserve(int count) {
        checkStack(count);
        free += count;
    }

    // ---- constants

    int constant(LuaString text) {
        return constant(new String(text.m_bytes, text.m_offset, text.m_length, StandardCharsets.ISO_8859_1), text);
    }

    int constant(LuaNumber number) {
        return number instanceof WholeFloat ? constant(number, number) : constant(number.todouble(), number);
    }

    int constant(boolean value) {
        return constant(value, LuaValue.valueOf(value));
    }

    int constantNil() {
        return constant(LuaValue.NIL, LuaValue.NIL);
    }

    int constantCount() {
        return constants.size();
    }

    private int constant(Object key, LuaValue value) {
        Integer known = places.putIfAbsent(key, constants.size());
        if (known != null) {
            return known;
        }
        constants.add(value);
        return constants.size() - 1;
    }

    // ---- jumps

    /** Marks this place as one that is jumped to. */
    int label() {
        lastTarget = size;
        return size;
    }

    int jump() {
        int held = pending;
        pending = LuaExp.NO_JUMP;
        int made = emit(LuaOp.asbx(Lua.OP_JMP, 0, LuaExp.NO_JUMP));
        return concat(made, held);
    }

    int testAndJump(int op, int a, int b, int c) {
        emit(op, a, b, c);
        return jump();
    }

    /** The jump after {@code at} in its list. */
    int nextJump(int at) {
        int offset = LuaOp.sbx(words[at]);
        return offset == LuaExp.NO_JUMP ? LuaExp.NO_JUMP : at + 1 + offset;
    }

    /** Joins two lists of jumps. */
    int concat(int first, int second) {
        if (second == LuaExp.NO_JUMP) {
            return first;
        }
        if (first == LuaExp.NO_JUMP) {
            return second;
        }
        int last = first;
        for (int next = nextJump(last); next != LuaExp.NO_JUMP; next = nextJump(last)) {
            lexer.guard().tick();
            last = next;
        }
        aim(last, second);
        return first;
    }

    private void aim(int jump, int target) {
        int offset = target - (jump + 1);
        if (Math.abs(offset) > LuaOp.JUMP_BIAS) {
            throw lexer.problemHere("control structure too long");
        }
        words[jump] = LuaOp.withSbx(words[jump], offset);
    }

    /** The place of the test that decides about the jump, or of the jump itself. */
    int control(int jump) {
        return jump >= 1 && LuaOp.isTest(LuaOp.op(words[jump - 1])) ? jump - 1 : jump;
    }

    /** Whether a jump of the list leaves no value behind. */
    boolean needsValue(int list) {
        for (int jump = list; jump != LuaExp.NO_JUMP; jump = nextJump(jump)) {
            lexer.guard().tick();
            if (LuaOp.op(words[control(jump)]) != Lua.OP_TESTSET) {
                return true;
            }
        }
        return false;
    }

    private boolean aimValue(int jump, int register) {
        int at = control(jump);
        int word = words[at];
        if (LuaOp.op(word) != Lua.OP_TESTSET) {
            return false;
        }
        if (register != NO_REGISTER && register != LuaOp.b(word)) {
            words[at] = LuaOp.withA(word, register);
        } else {
            words[at] = LuaOp.abc(Lua.OP_TEST, LuaOp.b(word), 0, LuaOp.c(word));
        }
        return true;
    }

    void dropValues(int list) {
        for (int jump = list; jump != LuaExp.NO_JUMP; jump = nextJump(jump)) {
            lexer.guard().tick();
            aimValue(jump, NO_REGISTER);
        }
    }

    /** Lets jumps that leave a value in {@code register} go to one place and all others to another. */
    void land(int list, int valueTarget, int register, int otherTarget) {
        int jump = list;
        while (jump != LuaExp.NO_JUMP) {
            lexer.guard().tick();
            int next = nextJump(jump);
            aim(jump, aimValue(jump, register) ? valueTarget : otherTarget);
            jump = next;
        }
    }

    private void landPending() {
        int list = pending;
        pending = LuaExp.NO_JUMP;
        land(list, size, NO_REGISTER, size);
    }

    void land(int list, int target) {
        if (target == size) {
            landHere(list);
        } else {
            land(list, target, NO_REGISTER, target);
        }
    }

    void landHere(int list) {
        label();
        pending = concat(pending, list);
    }

    /** Lets jumps close what lives in the registers from {@code level} on. */
    void closeFrom(int list, int level) {
        for (int jump = list; jump != LuaExp.NO_JUMP; jump = nextJump(jump)) {
            words[jump] = LuaOp.withA(words[jump], level + 1);
        }
    }
}
