package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaDouble;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaUserdata;
import org.luaj.vm2.LuaValue;

/**
 * The operators of Lua on values, with coercion and metamethods.
 *
 * <p>LuaJ's own operators are not used: they print floats short, compare text as signed bytes, reach
 * for JVM-wide metatables and cannot be charged for long operands.
 */
final class LuaMeta {
    private static final LuaString[] ARITHMETIC = {
        LuaValue.ADD, LuaValue.SUB, LuaValue.MUL, LuaValue.DIV, LuaValue.MOD, LuaValue.POW, LuaText.of("__idiv")
    };
    private static final LuaString[] BITWISE = {
        LuaText.of("__band"),
        LuaText.of("__bor"),
        LuaText.of("__bxor"),
        LuaText.of("__shl"),
        LuaText.of("__shr"),
        LuaText.of("__bnot")
    };
    private static final String[] BITWISE_SIGNS = {"&", "|", "~", "<<", ">>", "~"};
    static final LuaString CLOSE = LuaText.of("__close");
    private static final LuaString NAME = LuaText.of("__name");
    private static final int MAX_CHAIN = 100;
    private static final int LONG_TEXT = 1024;

    private final LuaMachine machine;

    LuaMeta(LuaMachine machine) {
        this.machine = machine;
    }

    /** Returns the metamethod {@code tag} of {@code value}, or nil. */
    LuaValue metamethod(LuaValue value, LuaValue tag) {
        LuaValue metatable = value.getmetatable();
        return metatable == null ? LuaValue.NIL : metatable.rawget(tag);
    }

    LuaValue index(LuaValue object, LuaValue given) {
        LuaValue key = key(given);
        if (object instanceof LuaTable table) {
            LuaValue value = table.rawget(key);
            if (!value.isnil() || table.getmetatable() == null) {
                return value;
            }
        }
        return indexThroughMeta(object, key);
    }

    private LuaValue indexThroughMeta(LuaValue object, LuaValue key) {
        LuaValue from = object;
        for (int i = 0; i < MAX_CHAIN; i++) {
            LuaValue handler;
            if (from instanceof LuaTable table) {
                LuaValue value = table.rawget(key);
                if (!value.isnil()) {
                    return value;
                }
                handler = metamethod(table, LuaValue.INDEX);
                if (handler.isnil()) {
                    return LuaValue.NIL;
                }
            } else if (from instanceof LuaString) {
                return machine.stringLibrary.rawget(key);
            } else {
                handler = metamethod(from, LuaValue.INDEX);
                if (handler.isnil()) {
                    return indexHost(from, key);
                }
            }
            if (handler.isfunction()) {
                return handler.call(from, key);
            }
            from = handler;
        }
        throw machine.error("'__index' chain too long; possibly a loop");
    }

    private LuaValue indexHost(LuaValue from, LuaValue key) {
        if (from instanceof LuaUserdata) {
            return from.get(key);
        }
        throw indexError(from, key);
    }

    private ScriptError indexError(LuaValue object, LuaValue key) {
        String name = LuaNames.operand(machine.current().top, object);
        if (name.isEmpty() && key instanceof LuaString text) {
            name = " (field '" + LuaText.toJavaLossy(text) + "')";
        }
        return machine.error("attempt to index a " + typeName(object) + " value" + name);
    }

    void setIndex(LuaValue object, LuaValue given, LuaValue value) {
        LuaValue key = key(given);
        LuaValue into = object;
        for (int i = 0; i < MAX_CHAIN; i++) {
            LuaValue handler;
            if (into instanceof LuaTable table) {
                if (table.getmetatable() == null || !table.rawget(key).isnil()) {
                    rawSet(table, key, value);
                    return;
                }
                handler = metamethod(table, LuaValue.NEWINDEX);
                if (handler.isnil()) {
                    rawSet(table, key, value);
                    return;
                }
            } else {
                handler = metamethod(into, LuaValue.NEWINDEX);
                if (handler.isnil()) {
                    setHost(into, key, value);
                    return;
                }
            }
            if (handler.isfunction()) {
                handler.call(into, key, value);
                return;
            }
            into = handler;
        }
        throw machine.error("'__newindex' chain too long; possibly a loop");
    }

    private void setHost(LuaValue into, LuaValue key, LuaValue value) {
        if (!(into instanceof LuaUserdata)) {
            throw indexError(into, key);
        }
        into.set(key, value);
    }

    /** Stores without metamethods, refusing the keys that tables cannot have. */
    void rawSet(LuaTable table, LuaValue given, LuaValue value) {
        LuaValue key = key(given);
        if (!key.isvalidkey()) {
            throw machine.error(key.isnil() ? "index is nil" : "index is NaN");
        }
        table.rawset(key, value);
    }

    /** The key that a table uses for {@code key}: a whole float is the integer. Hashing long text is charged. */
    LuaValue key(LuaValue key) {
        if (key instanceof LuaString text) {
            if (text.m_length > LONG_TEXT) {
                machine.guard.chargeBytes(text.m_length);
            }
            return key;
        }
        return key instanceof WholeFloat whole ? whole.integer() : key;
    }

    LuaValue arithmetic(int operator, LuaValue left, LuaValue right) {
        LuaNumber x = number(left);
        LuaNumber y = number(right);
        if (x != null && y != null) {
            if (operator >= LuaArithmetic.MOD && operator != LuaArithmetic.POW && y.todouble() == 0) {
                checkDivisor(operator, x, y);
            }
            return LuaArithmetic.compute(operator, x, y);
        }
        LuaValue handler = either(left, right, ARITHMETIC[operator]);
        if (handler.isnil()) {
            throw typeError("perform arithmetic on", x == null ? left : right);
        }
        return machine.call(handler, LuaValue.varargsOf(left, right)).arg1();
    }

    private void checkDivisor(int operator, LuaNumber x, LuaNumber y) {
        if (!LuaArithmetic.isFloat(x) && !LuaArithmetic.isFloat(y)) {
            throw machine.error(
                    operator == LuaArithmetic.MOD ? "attempt to perform 'n%0'" : "attempt to divide by zero");
        }
    }

    LuaValue modulo(LuaInteger x, LuaInteger y) {
        checkNotZero(LuaArithmetic.MOD, x, y);
        return LuaInteger.valueOf(Math.floorMod(x.v, y.v));
    }

    LuaValue floorDivide(LuaInteger x, LuaInteger y) {
        checkNotZero(LuaArithmetic.IDIV, x, y);
        return LuaInteger.valueOf(Math.floorDiv((long) x.v, y.v));
    }

    private void checkNotZero(int operator, LuaInteger x, LuaInteger y) {
        if (y.v == 0) {
            checkDivisor(operator, x, y);
        }
    }

    static LuaValue divide(LuaInteger x, LuaInteger y) {
        return LuaArithmetic.ofFloat((double) x.v / y.v);
    }

    LuaValue negate(LuaValue value) {
        LuaNumber number = number(value);
        if (number != null) {
            return LuaArithmetic.negate(number);
        }
        LuaValue handler = metamethod(value, LuaValue.UNM);
        if (handler.isnil()) {
            throw typeError("perform arithmetic on", value);
        }
        return machine.call(handler, LuaValue.varargsOf(value, value)).arg1();
    }

    // ---- bits

    /** An operator on bits, one of {@link LuaOp#BAND} to {@link LuaOp#BNOT}; the last has its operand twice. */
    LuaValue bitwise(int operator, LuaValue left, LuaValue right) {
        if (left instanceof LuaInteger x && right instanceof LuaInteger y) {
            return ofBits(operator, compute(operator, x.v, y.v));
        }
        LuaNumber x = left instanceof LuaNumber number ? number : null;
        LuaNumber y = right instanceof LuaNumber number ? number : null;
        if (x != null && y != null && isInteger(x) && isInteger(y)) {
            return ofBits(operator, compute(operator, (long) x.todouble(), (long) y.todouble()));
        }
        LuaValue handler = either(left, right, BITWISE[operator - LuaOp.BAND]);
        if (!handler.isnil()) {
            return machine.call(handler, LuaValue.varargsOf(left, right)).arg1();
        }
        if (x != null && y != null) {
            throw integerError(isInteger(x) ? right : left, isInteger(x) ? y : x);
        }
        throw typeError("perform bitwise operation on", x == null ? left : right);
    }

    private static boolean isInteger(LuaNumber number) {
        return LuaArithmetic.isExactInteger(number.todouble());
    }

    private static long compute(int operator, long x, long y) {
        return switch (operator) {
            case LuaOp.BAND -> x & y;
            case LuaOp.BOR -> x | y;
            case LuaOp.BXOR -> x ^ y;
            case LuaOp.SHL -> LuaArithmetic.shift(x, y);
            case LuaOp.SHR -> y == Long.MIN_VALUE ? 0 : LuaArithmetic.shift(x, -y);
            default -> ~x;
        };
    }

    private LuaValue ofBits(int operator, long bits) {
        if (bits < -LuaArithmetic.EXACT || bits > LuaArithmetic.EXACT) {
            throw machine.error("the result of '" + BITWISE_SIGNS[operator - LuaOp.BAND] + "', " + bits
                    + ", is beyond 2^53 and would be rounded");
        }
        return LuaInteger.valueOf(bits);
    }

    private ScriptError integerError(LuaValue culprit, LuaNumber number) {
        double value = number.todouble();
        String why = value == Math.rint(value) && !Double.isInfinite(value) ? " exact to 2^53" : "";
        return machine.error(
                "number" + LuaNames.operand(machine.current().top, culprit) + " has no integer representation" + why);
    }

    LuaValue length(LuaValue value) {
        if (value instanceof LuaString text) {
            return LuaInteger.valueOf(text.m_length);
        }
        LuaValue handler = metamethod(value, LuaValue.LEN);
        if (!handler.isnil()) {
            return machine.call(handler, value).arg1();
        }
        if (value instanceof LuaTable table) {
            return LuaInteger.valueOf(table.rawlen());
        }
        if (value instanceof LuaUserdata) {
            return value.len();
        }
        throw typeError("get length of", value);
    }

    boolean equal(LuaValue left, LuaValue right) {
        if (isSame(left, right)) {
            // A number that is no number is not even equal to itself.
            return !(left instanceof LuaDouble) || !Double.isNaN(left.todouble());
        }
        if (left instanceof LuaString x) {
            if (x.m_length > LONG_TEXT) {
                machine.guard.chargeBytes(x.m_length);
            }
            return x.raweq(right);
        }
        if ((left instanceof LuaTable && right instanceof LuaTable)
                || (left instanceof LuaUserdata && right instanceof LuaUserdata)) {
            return left.raweq(right) || equalThroughMeta(left, right);
        }
        return left.raweq(right);
    }

    private boolean equalThroughMeta(LuaValue left, LuaValue right) {
        LuaValue handler = metamethod(left, LuaValue.EQ);
        return !handler.isnil()
                && isSame(handler, metamethod(right, LuaValue.EQ))
                && machine.call(handler, LuaValue.varargsOf(left, right)).arg1().toboolean();
    }

    /** Whether both are one object, whatever their own idea of equality. */
    static boolean isSame(@Nullable Object one, @Nullable Object other) {
        return one == other;
    }

    boolean less(LuaValue left, LuaValue right) {
        if (left instanceof LuaNumber && right instanceof LuaNumber) {
            return left.todouble() < right.todouble();
        }
        if (left instanceof LuaString x && right instanceof LuaString y) {
            return compareText(x, y) < 0;
        }
        LuaValue handler = either(left, right, LuaValue.LT);
        if (handler.isnil()) {
            throw compareError(left, right);
        }
        return machine.call(handler, LuaValue.varargsOf(left, right)).arg1().toboolean();
    }

    boolean lessOrEqual(LuaValue left, LuaValue right) {
        if (left instanceof LuaNumber && right instanceof LuaNumber) {
            return left.todouble() <= right.todouble();
        }
        if (left instanceof LuaString x && right instanceof LuaString y) {
            return compareText(x, y) <= 0;
        }
        LuaValue handler = either(left, right, LuaValue.LE);
        if (!handler.isnil()) {
            return machine.call(handler, LuaValue.varargsOf(left, right)).arg1().toboolean();
        }
        handler = either(left, right, LuaValue.LT);
        if (handler.isnil()) {
            throw compareError(left, right);
        }
        return !machine.call(handler, LuaValue.varargsOf(right, left)).arg1().toboolean();
    }

    private LuaValue either(LuaValue left, LuaValue right, LuaValue tag) {
        LuaValue handler = metamethod(left, tag);
        return handler.isnil() ? metamethod(right, tag) : handler;
    }

    private int compareText(LuaString x, LuaString y) {
        machine.guard.chargeBytes(Math.min(x.m_length, y.m_length));
        return java.util.Arrays.compareUnsigned(
                x.m_bytes, x.m_offset, x.m_offset + x.m_length, y.m_bytes, y.m_offset, y.m_offset + y.m_length);
    }

    /** Joins the registers {@code first} to {@code last}. */
    LuaValue concat(LuaValue[] registers, int first, int last) {
        long length = 0;
        for (int i = first; i <= last; i++) {
            LuaValue value = registers[i];
            if (value instanceof LuaString text) {
                length += text.m_length;
            } else if (value instanceof LuaNumber) {
                length += LuaNumbers.MAX_TEXT;
            } else {
                return concatPairs(registers, first, last);
            }
        }
        return join(registers, first, last, length);
    }

    private LuaString join(LuaValue[] parts, int first, int last, long atMost) {
        if (atMost > LONG_TEXT) {
            machine.guard.reserve(atMost);
        }
        LuaString[] texts = new LuaString[last - first + 1];
        int length = 0;
        for (int i = first; i <= last; i++) {
            LuaString text = parts[i] instanceof LuaString given ? given : LuaNumbers.text(parts[i]);
            texts[i - first] = text;
            length = Math.addExact(length, text.m_length);
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (LuaString text : texts) {
            System.arraycopy(text.m_bytes, text.m_offset, joined, at, text.m_length);
            at += text.m_length;
        }
        return LuaString.valueUsing(joined);
    }

    private LuaValue concatPairs(LuaValue[] registers, int first, int last) {
        LuaValue joined = registers[last];
        for (int i = last - 1; i >= first; i--) {
            LuaValue left = registers[i];
            if (isText(left) && isText(joined)) {
                joined = concat(new LuaValue[] {left, joined}, 0, 1);
                continue;
            }
            LuaValue handler = either(left, joined, LuaValue.CONCAT);
            if (handler.isnil()) {
                throw typeError("concatenate", isText(left) ? joined : left);
            }
            joined = machine.call(handler, LuaValue.varargsOf(left, joined)).arg1();
        }
        return joined;
    }

    private static boolean isText(LuaValue value) {
        return value instanceof LuaString || value instanceof LuaNumber;
    }

    /** Returns the number that {@code value} is or spells, or null. */
    @Nullable LuaNumber number(LuaValue value) {
        if (value instanceof LuaNumber number) {
            return number;
        }
        if (value instanceof LuaString text) {
            machine.guard.chargeBytes(text.m_length);
            return LuaNumbers.parse(text);
        }
        return null;
    }

    ScriptError typeError(String action, LuaValue culprit) {
        String name = LuaNames.operand(machine.current().top, culprit);
        return machine.error("attempt to " + action + " a " + typeName(culprit) + " value" + name);
    }

    private ScriptError compareError(LuaValue left, LuaValue right) {
        String x = typeName(left);
        String y = typeName(right);
        return machine.error(
                x.equals(y) ? "attempt to compare two " + x + " values" : "attempt to compare " + x + " with " + y);
    }

    /** The type for messages: {@code __name} of the metatable if there is one. */
    String typeName(LuaValue value) {
        LuaValue name = metamethod(value, NAME);
        return name instanceof LuaString text ? LuaText.toJavaLossy(text) : value.typename();
    }

    /** The text of a value without {@code __tostring}. */
    LuaString plainText(LuaValue value) {
        if (value instanceof LuaString text) {
            return text;
        }
        if (value instanceof LuaNumber) {
            return LuaNumbers.text(value);
        }
        if (value.isnil() || value.isboolean()) {
            return LuaText.of(value.tojstring());
        }
        String builtin = value.isfunction() && !(value instanceof ScriptFunction) ? ": builtin" : "";
        return LuaText.of(typeName(value) + builtin + ": 0x" + String.format("%08x", System.identityHashCode(value)));
    }
}
