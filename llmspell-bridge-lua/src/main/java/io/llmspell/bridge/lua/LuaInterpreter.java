package io.llmspell.bridge.lua;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Upvaldesc;
import org.luaj.vm2.Varargs;

/**
 * Runs the code LuaJ's compiler makes, in place of LuaJ's own loop.
 *
 * <p>Its own, because only so every instruction is counted, calls and coroutines live on the heap,
 * a stop passes every {@code pcall}, and an error knows its line, its variable and its callers.
 */
final class LuaInterpreter {
    private static final int MULTIPLE = -1;
    private static final int JUMP_BIAS = 0x1ffff;

    private final LuaMachine machine;
    private final LuaGuard guard;

    LuaInterpreter(LuaMachine machine) {
        this.machine = machine;
        this.guard = machine.guard;
    }

    /**
     * Runs {@code stack} until the frame above {@code floor} has returned, or its coroutine yields.
     *
     * @return the results; at a yield nothing of meaning
     */
    Varargs run(LuaStack stack, @Nullable LuaFrame floor) {
        while (true) {
            try {
                return execute(stack, floor);
            } catch (OutOfMemoryError full) {
                throw guard.outOfMemory();
            } catch (RuntimeException | StackOverflowError thrown) {
                recover(stack, floor, machine.asScriptError(thrown));
            }
        }
    }

    /** Gives the error to the innermost protected call above {@code floor}, or throws it. */
    private void recover(LuaStack stack, @Nullable LuaFrame floor, ScriptError error) {
        LuaFrame failed = stack.top;
        while (failed != null && failed != floor && !failed.isProtected()) {
            failed = failed.caller;
        }
        LuaValue handler = failed == null || failed == floor ? null : failed.handler;
        if (!error.hasTrace() && (handler == null || !handler.isnil())) {
            error.trace(LuaTraceback.of(stack, 0));
        }
        if (failed == null || handler == null) {
            LuaValue last = unwind(stack, floor, error.value());
            throw LuaMeta.isSame(last, error.value()) ? error : new ScriptError(last);
        }
        LuaValue value = handler.isnil() ? error.value() : machine.handle(handler, error);
        LuaValue last = unwind(stack, failed.caller, value);
        deliver(stack, failed.resultAt, failed.wanted, LuaValue.varargsOf(LuaValue.FALSE, last));
    }

    /**
     * Removes all frames above {@code below}, closing their variables with {@code error}.
     *
     * @return the error, or a later one that closing raised
     */
    LuaValue unwind(LuaStack stack, @Nullable LuaFrame below, LuaValue error) {
        LuaValue last = error;
        for (LuaFrame frame = stack.top; frame != null && frame != below; frame = stack.top) {
            while (frame.closing != null && !frame.closing.isEmpty()) {
                try {
                    closeVariables(stack, frame, 0, last);
                } catch (RuntimeException | StackOverflowError thrown) {
                    stack.cutTo(frame);
                    last = machine.asScriptError(thrown).value();
                }
            }
            stack.cutTo(frame.caller);
        }
        return last;
    }

    /** Closes the cells and variables of the registers from {@code level} on. */
    private void leaveBlock(LuaStack stack, LuaFrame frame, int level) {
        if (frame.openCells != null) {
            frame.closeCells(level);
        }
        if (frame.closing != null) {
            closeVariables(stack, frame, level, LuaValue.NIL);
        }
    }

    private void closeVariables(LuaStack stack, LuaFrame frame, int level, LuaValue error) {
        BitSet closing = frame.closing;
        if (closing == null) {
            return;
        }
        Varargs open = stack.open;
        int openAt = stack.openAt;
        for (int register = closing.length() - 1; register >= level; register = closing.length() - 1) {
            closing.clear(register);
            LuaValue value = frame.registers[register];
            LuaValue handler = machine.meta.metamethod(value, LuaMeta.CLOSE);
            if (handler.isnil()) {
                throw machine.error("metamethod 'close' is gone");
            }
            machine.close(handler, value, error);
        }
        stack.open = open;
        stack.openAt = openAt;
    }

    private void markClosing(LuaFrame frame, int register) {
        LuaValue value = frame.registers[register];
        if (!value.toboolean()) {
            return;
        }
        if (machine.meta.metamethod(value, LuaMeta.CLOSE).isnil()) {
            throw machine.error("variable '" + LuaNames.local(frame, register) + "' got a non-closable value");
        }
        BitSet closing = frame.closing;
        if (closing == null) {
            closing = new BitSet();
            frame.closing = closing;
        }
        closing.set(register);
    }

    // The one method of this module that is longer than the house allows: an interpreter loop is only
    // fast when its instructions share one method and its locals.
    private Varargs execute(LuaStack stack, @Nullable LuaFrame floor) {
        LuaMeta meta = machine.meta;
        LuaFrame frame = stack.topFrame();
        frames:
        while (true) {
            ScriptFunction function = frame.function;
            int[] code = function.code.code;
            LuaValue[] k = function.code.k;
            LuaValue[] r = frame.registers;
            int pc = frame.pc;
            while (true) {
                guard.tick();
                int i = code[pc++];
                frame.pc = pc;
                int a = (i >> 6) & 0xff;
                switch (i & 0x3f) {
                    case Lua.OP_MOVE -> r[a] = r[i >>> 23];
                    case Lua.OP_LOADK -> r[a] = k[i >>> 14];
                    case Lua.OP_LOADKX -> r[a] = k[code[pc++] >>> 6];
                    case Lua.OP_LOADBOOL -> {
                        r[a] = i >>> 23 != 0 ? LuaValue.TRUE : LuaValue.FALSE;
                        if ((i & (0x1ff << 14)) != 0) {
                            pc++;
                        }
                    }
                    case Lua.OP_LOADNIL -> {
                        for (int b = i >>> 23; b >= 0; b--) {
                            r[a++] = LuaValue.NIL;
                        }
                    }
                    case Lua.OP_GETUPVAL -> r[a] = function.cells[i >>> 23].get();
                    case Lua.OP_GETTABUP -> r[a] = meta.index(function.cells[i >>> 23].get(), rk(r, k, i >> 14));
                    case Lua.OP_GETTABLE -> r[a] = meta.index(r[i >>> 23], rk(r, k, i >> 14));
                    case Lua.OP_SETTABUP ->
                        meta.setIndex(function.cells[a].get(), rk(r, k, i >>> 23), rk(r, k, i >> 14));
                    case Lua.OP_SETUPVAL -> function.cells[i >>> 23].set(r[a]);
                    case Lua.OP_SETTABLE -> meta.setIndex(r[a], rk(r, k, i >>> 23), rk(r, k, i >> 14));
                    case Lua.OP_NEWTABLE -> r[a] = newTable(i);
                    case Lua.OP_SELF -> {
                        LuaValue object = r[i >>> 23];
                        r[a + 1] = object;
                        r[a] = meta.index(object, rk(r, k, i >> 14));
                    }
                    case Lua.OP_ADD -> {
                        LuaValue x = rk(r, k, i >>> 23);
                        LuaValue y = rk(r, k, i >> 14);
                        r[a] = x instanceof LuaInteger m && y instanceof LuaInteger n
                                ? LuaInteger.valueOf((long) m.v + n.v)
                                : meta.arithmetic(LuaArithmetic.ADD, x, y);
                    }
                    case Lua.OP_SUB -> {
                        LuaValue x = rk(r, k, i >>> 23);
                        LuaValue y = rk(r, k, i >> 14);
                        r[a] = x instanceof LuaInteger m && y instanceof LuaInteger n
                                ? LuaInteger.valueOf((long) m.v - n.v)
                                : meta.arithmetic(LuaArithmetic.SUB, x, y);
                    }
                    case Lua.OP_MUL -> {
                        LuaValue x = rk(r, k, i >>> 23);
                        LuaValue y = rk(r, k, i >> 14);
                        r[a] = x instanceof LuaInteger m && y instanceof LuaInteger n
                                ? LuaInteger.valueOf((long) m.v * n.v)
                                : meta.arithmetic(LuaArithmetic.MUL, x, y);
                    }
                    case Lua.OP_DIV -> {
                        LuaValue x = rk(r, k, i >>> 23);
                        LuaValue y = rk(r, k, i >> 14);
                        r[a] = x instanceof LuaInteger m && y instanceof LuaInteger n
                                ? LuaMeta.divide(m, n)
                                : meta.arithmetic(LuaArithmetic.DIV, x, y);
                    }
                    case Lua.OP_MOD -> {
                        LuaValue x = rk(r, k, i >>> 23);
                        LuaValue y = rk(r, k, i >> 14);
                        r[a] = x instanceof LuaInteger m && y instanceof LuaInteger n
                                ? meta.modulo(m, n)
                                : meta.arithmetic(LuaArithmetic.MOD, x, y);
                    }
                    case LuaOp.IDIV -> {
                        LuaValue x = rk(r, k, i >>> 23);
                        LuaValue y = rk(r, k, i >> 14);
                        r[a] = x instanceof LuaInteger m && y instanceof LuaInteger n
                                ? meta.floorDivide(m, n)
                                : meta.arithmetic(LuaArithmetic.IDIV, x, y);
                    }
                    case LuaOp.BAND, LuaOp.BOR, LuaOp.BXOR, LuaOp.SHL, LuaOp.SHR ->
                        r[a] = meta.bitwise(i & 0x3f, rk(r, k, i >>> 23), rk(r, k, i >> 14));
                    case LuaOp.BNOT -> r[a] = meta.bitwise(LuaOp.BNOT, r[i >>> 23], r[i >>> 23]);
                    case LuaOp.CLOSING -> markClosing(frame, a);
                    case Lua.OP_POW -> r[a] = meta.arithmetic(LuaArithmetic.POW, rk(r, k, i >>> 23), rk(r, k, i >> 14));
                    case Lua.OP_UNM -> r[a] = meta.negate(r[i >>> 23]);
                    case Lua.OP_NOT -> r[a] = r[i >>> 23].toboolean() ? LuaValue.FALSE : LuaValue.TRUE;
                    case Lua.OP_LEN -> r[a] = meta.length(r[i >>> 23]);
                    case Lua.OP_CONCAT -> r[a] = meta.concat(r, i >>> 23, (i >> 14) & 0x1ff);
                    case Lua.OP_JMP -> {
                        pc += (i >>> 14) - JUMP_BIAS;
                        if (a > 0) {
                            leaveBlock(stack, frame, a - 1);
                        }
                    }
                    case Lua.OP_EQ -> {
                        if (meta.equal(rk(r, k, i >>> 23), rk(r, k, i >> 14)) != (a != 0)) {
                            pc++;
                        }
                    }
                    case Lua.OP_LT -> {
                        LuaValue x = rk(r, k, i >>> 23);
                        LuaValue y = rk(r, k, i >> 14);
                        boolean isLess =
                                (x instanceof LuaInteger m && y instanceof LuaInteger n) ? m.v < n.v : meta.less(x, y);
                        if (isLess != (a != 0)) {
                            pc++;
                        }
                    }
                    case Lua.OP_LE -> {
                        LuaValue x = rk(r, k, i >>> 23);
                        LuaValue y = rk(r, k, i >> 14);
                        boolean isNotMore = (x instanceof LuaInteger m && y instanceof LuaInteger n)
                                ? m.v <= n.v
                                : meta.lessOrEqual(x, y);
                        if (isNotMore != (a != 0)) {
                            pc++;
                        }
                    }
                    case Lua.OP_TEST -> {
                        if (r[a].toboolean() != ((i & (0x1ff << 14)) != 0)) {
                            pc++;
                        }
                    }
                    case Lua.OP_TESTSET -> {
                        LuaValue value = r[i >>> 23];
                        if (value.toboolean() != ((i & (0x1ff << 14)) != 0)) {
                            pc++;
                        } else {
                            r[a] = value;
                        }
                    }
                    case Lua.OP_CALL -> {
                        if (r[a] instanceof ScriptFunction called && i >>> 23 != 0) {
                            frame = machine.push(stack, called, r, a + 1, (i >>> 23) - 1, ((i >> 14) & 0x1ff) - 1);
                            continue frames;
                        } else if (call(stack, r, i, ((i >> 14) & 0x1ff) - 1)) {
                            if (stack.coroutine.isYielding()) {
                                return LuaValue.NONE;
                            }
                            frame = stack.topFrame();
                            continue frames;
                        }
                    }
                    case Lua.OP_TAILCALL -> {
                        if (r[a] instanceof ScriptFunction called) {
                            frame = machine.replace(stack, called, arguments(stack, r, i));
                            continue frames;
                        } else if (call(stack, r, i, MULTIPLE)) {
                            if (stack.coroutine.isYielding()) {
                                return LuaValue.NONE;
                            }
                            frame = stack.topFrame();
                            continue frames;
                        }
                    }
                    case Lua.OP_RETURN -> {
                        Varargs results = leave(stack, frame, floor, i);
                        if (results != null) {
                            return results;
                        }
                        frame = stack.topFrame();
                        continue frames;
                    }
                    case Lua.OP_FORLOOP -> {
                        if (step(r, a)) {
                            pc += (i >>> 14) - JUMP_BIAS;
                        }
                    }
                    case Lua.OP_FORPREP -> {
                        prepare(r, a);
                        pc += (i >>> 14) - JUMP_BIAS;
                    }
                    case Lua.OP_TFORCALL -> {
                        if (iterate(stack, r, a, (i >> 14) & 0x1ff)) {
                            frame = stack.topFrame();
                            continue frames;
                        }
                    }
                    case Lua.OP_TFORLOOP -> {
                        if (!r[a + 1].isnil()) {
                            r[a] = r[a + 1];
                            pc += (i >>> 14) - JUMP_BIAS;
                        }
                    }
                    case Lua.OP_SETLIST -> {
                        int block = (i >> 14) & 0x1ff;
                        setList(stack, r, a, i >>> 23, block == 0 ? code[pc++] : block);
                    }
                    case Lua.OP_CLOSURE -> r[a] = closure(frame, function, function.code.p[i >>> 14]);
                    case Lua.OP_VARARG -> spread(stack, frame, a, (i >>> 23) - 1);
                    default -> throw new AssertionError("unknown instruction " + (i & 0x3f));
                }
            }
        }
    }

    private static LuaValue rk(LuaValue[] r, LuaValue[] k, int operand) {
        return (operand & 0x100) != 0 ? k[operand & 0xff] : r[operand & 0xff];
    }

    private static ScriptTable newTable(int i) {
        return new ScriptTable(i >>> 23, (i >> 14) & 0x1ff);
    }

    /**
     * Calls what is not simply a Lua function with a fixed number of arguments.
     *
     * @return whether another frame is on top now, or the coroutine yields
     */
    private boolean call(LuaStack stack, LuaValue[] r, int i, int wanted) {
        int a = (i >> 6) & 0xff;
        int b = i >>> 23;
        LuaValue called = r[a];
        if (called instanceof ControlFunction control) {
            return control.begin(stack, arguments(stack, r, i), a, wanted);
        }
        if (called instanceof LuaFunction && wanted >= 0 && wanted <= 1 && b >= 1 && b <= 4) {
            LuaValue result = switch (b) {
                case 1 -> called.call();
                case 2 -> called.call(r[a + 1]);
                case 3 -> called.call(r[a + 1], r[a + 2]);
                default -> called.call(r[a + 1], r[a + 2], r[a + 3]);
            };
            if (wanted == 1) {
                r[a] = result;
            }
            return false;
        }
        Varargs args = arguments(stack, r, i);
        if (!(called instanceof LuaFunction)) {
            args = LuaValue.varargsOf(called, args);
            called = machine.callable(called);
        }
        if (called instanceof ScriptFunction script) {
            machine.push(stack, script, args, a, wanted);
            return true;
        }
        deliverHost(stack, a, wanted, machine.call(called, args));
        return false;
    }

    private static Varargs arguments(LuaStack stack, LuaValue[] r, int i) {
        int first = ((i >> 6) & 0xff) + 1;
        int b = i >>> 23;
        return b > 0
                ? LuaValue.varargsOf(r, first, b - 1)
                : LuaValue.varargsOf(r, first, stack.openAt - first, stack.open);
    }

    /** Delivers what a native function returned, which may be a view of the registers. */
    static void deliverHost(LuaStack stack, int at, int wanted, Varargs results) {
        deliver(stack, at, wanted, wanted < 0 ? LuaMachine.ownCopy(results, 0) : results);
    }

    /** Puts results into the registers of the top frame. */
    static void deliver(LuaStack stack, int at, int wanted, Varargs results) {
        if (wanted < 0) {
            stack.open = results;
            stack.openAt = at;
            return;
        }
        LuaValue[] r = stack.topFrame().registers;
        for (int n = 1; n <= wanted; n++) {
            r[at + n - 1] = results.arg(n);
        }
    }

    /** Ends the top frame; returns the results if it was the last above {@code floor}, else null. */
    private @Nullable Varargs leave(LuaStack stack, LuaFrame frame, @Nullable LuaFrame floor, int i) {
        int a = (i >> 6) & 0xff;
        int b = i >>> 23;
        LuaValue[] r = frame.registers;
        LuaFrame caller = frame.caller;
        leaveBlock(stack, frame, 0);
        stack.top = caller;
        if (b == 2 && frame.wanted == 1 && !frame.isProtected() && caller != null && caller != floor) {
            caller.registers[frame.resultAt] = r[a];
            return null;
        }
        Varargs results =
                b > 0 ? LuaValue.varargsOf(r, a, b - 1) : LuaValue.varargsOf(r, a, stack.openAt - a, stack.open);
        if (frame.isProtected()) {
            results = LuaValue.varargsOf(LuaValue.TRUE, results);
        }
        if (caller == floor) {
            return results;
        }
        deliver(stack, frame.resultAt, frame.wanted, results);
        return null;
    }

    private static boolean step(LuaValue[] r, int a) {
        LuaValue index = r[a];
        LuaValue limit = r[a + 1];
        LuaValue step = r[a + 2];
        LuaValue next;
        boolean goesOn;
        if (index instanceof LuaInteger x && limit instanceof LuaInteger y && step instanceof LuaInteger z) {
            long sum = (long) x.v + z.v;
            goesOn = z.v > 0 ? sum <= y.v : sum >= y.v;
            next = goesOn ? LuaInteger.valueOf((int) sum) : index;
        } else {
            double by = step.todouble();
            next = LuaArithmetic.compute(LuaArithmetic.ADD, (LuaNumber) index, (LuaNumber) step);
            goesOn = by > 0 ? next.todouble() <= limit.todouble() : limit.todouble() <= next.todouble();
        }
        if (goesOn) {
            r[a] = next;
            r[a + 3] = next;
        }
        return goesOn;
    }

    private void prepare(LuaValue[] r, int a) {
        LuaNumber initial = forNumber(r[a], "initial");
        LuaNumber limit = forNumber(r[a + 1], "limit");
        LuaNumber step = forNumber(r[a + 2], "step");
        if (step.todouble() == 0) {
            throw machine.error("'for' step is zero");
        }
        if (LuaArithmetic.isFloat(initial) != LuaArithmetic.isFloat(step)) {
            // One float makes all of them floats.
            initial = LuaArithmetic.ofFloat(initial.todouble());
            step = LuaArithmetic.ofFloat(step.todouble());
        }
        r[a] = LuaArithmetic.compute(LuaArithmetic.SUB, initial, step);
        r[a + 1] = limit;
        r[a + 2] = step;
    }

    private LuaNumber forNumber(LuaValue value, String what) {
        LuaNumber number = machine.meta.number(value);
        if (number == null) {
            throw machine.error("'for' " + what + (what.equals("initial") ? " value" : "") + " must be a number");
        }
        return number;
    }

    /** Calls the iterator of a generic for; returns whether its frame is on top now. */
    private boolean iterate(LuaStack stack, LuaValue[] r, int a, int wanted) {
        Varargs args = LuaValue.varargsOf(r[a + 1], r[a + 2]);
        if (r[a] instanceof ScriptFunction script) {
            machine.push(stack, script, args, a + 3, wanted);
            return true;
        }
        deliver(stack, a + 3, wanted, machine.call(r[a], args));
        return false;
    }

    private void setList(LuaStack stack, LuaValue[] r, int a, int count, int block) {
        LuaTable table = (LuaTable) r[a];
        int offset = (block - 1) * Lua.LFIELDS_PER_FLUSH;
        int fixed = count > 0 ? count : stack.openAt - a - 1;
        for (int n = 1; n <= fixed; n++) {
            table.rawset(offset + n, r[a + n]);
        }
        if (count == 0) {
            int more = stack.open.narg();
            guard.charge(more);
            for (int n = 1; n <= more; n++) {
                table.rawset(offset + fixed + n, stack.open.arg(n));
            }
        }
    }

    private LuaValue closure(LuaFrame frame, ScriptFunction outer, Prototype code) {
        ScriptFunction made = new ScriptFunction(machine, code);
        Upvaldesc[] wanted = code.upvalues;
        for (int n = 0; n < wanted.length; n++) {
            made.cells[n] = wanted[n].instack ? frame.cell(wanted[n].idx) : outer.cells[wanted[n].idx];
        }
        return made;
    }

    private static void spread(LuaStack stack, LuaFrame frame, int a, int wanted) {
        Varargs extra = frame.extra == null ? LuaValue.NONE : frame.extra;
        if (wanted < 0) {
            stack.open = extra;
            stack.openAt = a;
        } else {
            for (int n = 1; n <= wanted; n++) {
                frame.registers[a + n - 1] = extra.arg(n);
            }
        }
    }
}
