package io.llmspell.bridge.lua;

import org.luaj.vm2.Varargs;

/** A native function that changes which Lua function runs next, without using the Java stack. */
abstract class ControlFunction extends LibraryFunction {
    ControlFunction(LuaMachine machine, String name, int number) {
        super(machine, name, number);
    }

    /**
     * Does what the function does when Lua code calls it.
     *
     * @param at the caller's register for the first result
     * @param wanted how many results the caller takes, negative for all
     * @return whether another frame is on top of {@code stack} now, or its coroutine yields
     */
    abstract boolean begin(LuaStack stack, Varargs args, int at, int wanted);
}
