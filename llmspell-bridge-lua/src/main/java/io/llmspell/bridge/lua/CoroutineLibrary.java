package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The table {@code coroutine}. */
final class CoroutineLibrary extends LibraryFunction {
    private static final String[] NAMES = {"create", "isyieldable", "resume", "running", "status", "wrap", "close"};

    private CoroutineLibrary(LuaMachine machine, String name, int number) {
        super(machine, name, number);
    }

    static ScriptTable create(LuaMachine machine) {
        ScriptTable library = new ScriptTable(0, 8);
        for (int i = 0; i < NAMES.length; i++) {
            library.rawset(LuaText.of(NAMES[i]), new CoroutineLibrary(machine, NAMES[i], i));
        }
        library.rawset(LuaText.of("yield"), new Yield(machine));
        return library;
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case 0 -> new LuaCoroutine(machine, function(args, 1));
            case 1 -> valueOf(!machine.isMain(machine.current()) && !machine.isInsideNative());
            case 2 -> resume(coroutine(args, 1), args.subargs(2));
            case 3 -> varargsOf(machine.current().coroutine, valueOf(machine.isMain(machine.current())));
            case 4 -> LuaText.of(coroutine(args, 1).status().text);
            case 6 -> close(coroutine(args, 1));
            default -> new Wrapped(machine, new LuaCoroutine(machine, function(args, 1)));
        };
    }

    private static Varargs resume(LuaCoroutine coroutine, Varargs args) {
        try {
            return varargsOf(TRUE, coroutine.resume(args));
        } catch (ScriptError error) {
            return varargsOf(FALSE, error.value());
        }
    }

    private static Varargs close(LuaCoroutine coroutine) {
        LuaValue error = coroutine.close();
        return error == null ? TRUE : varargsOf(FALSE, error);
    }

    /** What {@code coroutine.wrap} returns. */
    private static final class Wrapped extends LibraryFunction implements LiveSize.HeldValues {
        private final LuaCoroutine coroutine;

        Wrapped(LuaMachine machine, LuaCoroutine coroutine) {
            super(machine, "wrap", 0);
            this.coroutine = coroutine;
        }

        @Override
        public Varargs invoke(Varargs args) {
            return coroutine.resume(args);
        }

        @Override
        public void visit(LiveSize walk) {
            walk.add(coroutine);
        }
    }

    /** {@code coroutine.yield}. */
    private static final class Yield extends ControlFunction {
        Yield(LuaMachine machine) {
            super(machine, "yield", 0);
        }

        @Override
        boolean begin(LuaStack stack, Varargs args, int at, int wanted) {
            if (machine.isMain(stack)) {
                throw machine.error("attempt to yield from outside a coroutine");
            }
            if (machine.isInsideNative()) {
                throw acrossNative();
            }
            stack.coroutine.suspend(args, at, wanted);
            return true;
        }

        @Override
        public Varargs invoke(Varargs args) {
            if (machine.isMain(machine.current())) {
                throw machine.error("attempt to yield from outside a coroutine");
            }
            throw acrossNative();
        }

        private ScriptError acrossNative() {
            return machine.error("attempt to yield across a native function or metamethod");
        }
    }
}
