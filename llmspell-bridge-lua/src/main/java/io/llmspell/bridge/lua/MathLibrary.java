package io.llmspell.bridge.lua;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaDouble;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The table {@code math}, with a random generator of its own for each sandbox. */
final class MathLibrary extends LibraryFunction {
    private static final String[] NAMES = {
        "abs", "acos", "asin", "atan", "atan2", "ceil", "cos", "cosh", "deg", "exp", "floor", "fmod", "frexp",
        "ldexp", "log", "log10", "max", "min", "modf", "pow", "rad", "random", "randomseed", "sin", "sinh", "sqrt",
        "tan", "tanh", "tointeger", "type", "ult"
    };
    private static final int ABS = 0;
    private static final int ACOS = 1;
    private static final int ASIN = 2;
    private static final int ATAN = 3;
    private static final int ATAN2 = 4;
    private static final int CEIL = 5;
    private static final int COS = 6;
    private static final int COSH = 7;
    private static final int DEG = 8;
    private static final int EXP = 9;
    private static final int FLOOR = 10;
    private static final int FMOD = 11;
    private static final int FREXP = 12;
    private static final int LDEXP = 13;
    private static final int LOG = 14;
    private static final int LOG10 = 15;
    private static final int MAX = 16;
    private static final int MIN = 17;
    private static final int MODF = 18;
    private static final int POW = 19;
    private static final int RAD = 20;
    private static final int RANDOM = 21;
    private static final int RANDOMSEED = 22;
    private static final int SIN = 23;
    private static final int SINH = 24;
    private static final int SQRT = 25;
    private static final int TAN = 26;
    private static final int TOINTEGER = 28;
    private static final int TYPE = 29;
    private static final int ULT = 30;
    private static final LuaString INTEGER = LuaText.of("integer");
    private static final LuaString FLOAT = LuaText.of("float");

    private final Generator generator;

    private MathLibrary(LuaMachine machine, String name, int number, Generator generator) {
        super(machine, name, number);
        this.generator = generator;
    }

    static ScriptTable create(LuaMachine machine, long seed) {
        ScriptTable library = new ScriptTable(0, 64);
        Generator generator = new Generator(seed);
        for (int i = 0; i < NAMES.length; i++) {
            library.rawset(LuaText.of(NAMES[i]), new MathLibrary(machine, NAMES[i], i, generator));
        }
        library.rawset(LuaText.of("huge"), LuaDouble.POSINF);
        library.rawset(LuaText.of("pi"), floatOf(Math.PI));
        library.rawset(LuaText.of("maxinteger"), LuaArithmetic.ofInteger(LuaArithmetic.EXACT));
        library.rawset(LuaText.of("mininteger"), LuaArithmetic.ofInteger(-LuaArithmetic.EXACT));
        return library;
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case ABS -> LuaArithmetic.compute(LuaArithmetic.MUL, numeric(args, 1), sign(numeric(args, 1)));
            case ATAN -> floatOf(Math.atan2(number(args, 1), args.arg(2).isnil() ? 1 : number(args, 2)));
            case ATAN2 -> floatOf(Math.atan2(number(args, 1), number(args, 2)));
            case CEIL -> LuaArithmetic.ofInteger(Math.ceil(number(args, 1)));
            case FLOOR -> LuaArithmetic.ofInteger(Math.floor(number(args, 1)));
            case FMOD -> fmod(numeric(args, 1), numeric(args, 2));
            case FREXP -> frexp(number(args, 1));
            case LDEXP -> ldexp(number(args, 1), integer(args, 2));
            case LOG -> log(args);
            case MAX, MIN -> extreme(args, number == MAX);
            case MODF -> modf(number(args, 1));
            case POW -> floatOf(Math.pow(number(args, 1), number(args, 2)));
            case RANDOM -> random(args);
            case RANDOMSEED -> {
                generator.seed(Double.doubleToLongBits(args.narg() == 0 ? 0 : number(args, 1)));
                yield NONE;
            }
            case TOINTEGER -> toInteger(machine.meta.number(any(args, 1)));
            case TYPE -> type(any(args, 1));
            case ULT -> valueOf(Long.compareUnsigned(integer(args, 1), integer(args, 2)) < 0);
            default -> floatOf(ofOne(number(args, 1)));
        };
    }

    private static LuaNumber floatOf(double number) {
        return LuaArithmetic.ofFloat(number);
    }

    private LuaNumber numeric(Varargs args, int index) {
        LuaNumber given = machine.meta.number(args.arg(index));
        return given == null ? floatOf(number(args, index)) : given;
    }

    private static LuaNumber sign(LuaNumber number) {
        return LuaInteger.valueOf(number.todouble() < 0 || 1 / number.todouble() < 0 ? -1 : 1);
    }

    private double ofOne(double x) {
        return switch (number) {
            case ACOS -> Math.acos(x);
            case ASIN -> Math.asin(x);
            case COS -> Math.cos(x);
            case COSH -> Math.cosh(x);
            case DEG -> Math.toDegrees(x);
            case EXP -> Math.exp(x);
            case LOG10 -> Math.log10(x);
            case RAD -> Math.toRadians(x);
            case SIN -> Math.sin(x);
            case SINH -> Math.sinh(x);
            case SQRT -> Math.sqrt(x);
            case TAN -> Math.tan(x);
            default -> Math.tanh(x);
        };
    }

    private LuaNumber fmod(LuaNumber x, LuaNumber y) {
        double rest = x.todouble() % y.todouble();
        if (LuaArithmetic.isFloat(x) || LuaArithmetic.isFloat(y)) {
            return floatOf(rest);
        }
        if (y.todouble() == 0) {
            throw badArgument(2, "zero");
        }
        return LuaArithmetic.ofInteger(rest);
    }

    private Varargs log(Varargs args) {
        double x = number(args, 1);
        if (args.arg(2).isnil()) {
            return floatOf(Math.log(x));
        }
        double base = number(args, 2);
        if (base == 10) {
            return floatOf(Math.log10(x));
        }
        if (base == 2 && x > 0 && Math.scalb(1.0, Math.getExponent(x)) == x) {
            return floatOf(Math.getExponent(x));
        }
        return floatOf(Math.log(x) / Math.log(base));
    }

    private Varargs extreme(Varargs args, boolean isMax) {
        LuaNumber found = numeric(args, 1);
        machine.guard.charge(args.narg());
        for (int i = 2; i <= args.narg(); i++) {
            LuaNumber next = numeric(args, i);
            if (isMax ? next.todouble() > found.todouble() : next.todouble() < found.todouble()) {
                found = next;
            }
        }
        return found;
    }

    private static Varargs modf(double x) {
        double whole = x > 0 ? Math.floor(x) : Math.ceil(x);
        double rest = Double.isInfinite(x) ? 0 : x - whole;
        return varargsOf(LuaArithmetic.ofInteger(whole), floatOf(rest));
    }

    private static Varargs frexp(double x) {
        if (x == 0 || Double.isNaN(x) || Double.isInfinite(x)) {
            return varargsOf(floatOf(x), LuaInteger.valueOf(0));
        }
        // Subnormal numbers have no exponent of their own; scaled up they do.
        int bias = Math.abs(x) < Double.MIN_NORMAL ? 54 : 0;
        double scaled = Math.scalb(x, bias);
        int exponent = Math.getExponent(scaled) + 1;
        return varargsOf(floatOf(Math.scalb(scaled, -exponent)), LuaInteger.valueOf(exponent - bias));
    }

    private static Varargs ldexp(double x, long exponent) {
        int capped = (int) Math.max(Math.min(exponent, 5000), -5000);
        return floatOf(Math.scalb(x, capped));
    }

    private Varargs random(Varargs args) {
        if (args.narg() == 0) {
            return floatOf(generator.nextDouble());
        }
        double low = args.narg() == 1 ? 1 : Math.floor(number(args, 1));
        double high = Math.floor(number(args, args.narg() == 1 ? 1 : 2));
        if (!(low <= high)) {
            throw badArgument(args.narg() == 1 ? 1 : 2, "interval is empty");
        }
        return LuaArithmetic.ofInteger(Math.min(Math.floor(generator.nextDouble() * (high - low + 1)) + low, high));
    }

    private static Varargs toInteger(@Nullable LuaNumber number) {
        if (number == null || !LuaArithmetic.isExactInteger(number.todouble())) {
            return NIL;
        }
        return LuaArithmetic.ofInteger(number.todouble());
    }

    private static Varargs type(LuaValue value) {
        if (!(value instanceof LuaNumber given)) {
            return NIL;
        }
        return LuaArithmetic.isFloat(given) ? FLOAT : INTEGER;
    }

    /** One generator for all functions of a sandbox. */
    private static final class Generator {
        private SplittableRandom random;

        Generator(long seed) {
            this.random = new SplittableRandom(seed);
        }

        void seed(long seed) {
            random = new SplittableRandom(seed);
        }

        double nextDouble() {
            return random.nextDouble();
        }
    }
}
