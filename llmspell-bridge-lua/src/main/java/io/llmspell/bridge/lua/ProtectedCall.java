package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** {@code pcall} and {@code xpcall}: catch errors, but never a stop or an exit. */
final class ProtectedCall extends ControlFunction {
    private static final int PCALL = 0;
    private static final int XPCALL = 1;

    private ProtectedCall(LuaMachine machine, String name, int number) {
        super(machine, name, number);
    }

    static void install(LuaMachine machine, ScriptTable globals) {
        globals.rawset(LuaText.of("pcall"), new ProtectedCall(machine, "pcall", PCALL));
        globals.rawset(LuaText.of("xpcall"), new ProtectedCall(machine, "xpcall", XPCALL));
    }

    @Override
    boolean begin(LuaStack stack, Varargs args, int at, int wanted) {
        if (args.arg1() instanceof ScriptFunction script) {
            LuaValue handler = handler(args);
            machine.push(stack, script, passed(args), at, wanted).handler = handler;
            return true;
        }
        LuaInterpreter.deliverHost(stack, at, wanted, invoke(args));
        return false;
    }

    @Override
    public Varargs invoke(Varargs args) {
        LuaValue function = any(args, 1);
        LuaValue handler = handler(args);
        LuaStack stack = machine.current();
        LuaFrame below = stack.top;
        try {
            return varargsOf(TRUE, machine.call(function, passed(args)));
        } catch (RuntimeException | StackOverflowError thrown) {
            return failed(handler, machine.asScriptError(thrown));
        } finally {
            stack.cutTo(below);
        }
    }

    private Varargs failed(LuaValue handler, ScriptError error) {
        return varargsOf(FALSE, handler.isnil() ? error.value() : machine.handle(handler, error));
    }

    private Varargs passed(Varargs args) {
        return args.subargs(number == PCALL ? 2 : 3);
    }

    private LuaValue handler(Varargs args) {
        return number == PCALL ? NIL : any(args, 2);
    }
}
