package io.llmspell.bridge.lua;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * A coroutine: a stack of its own, run on the thread of whoever resumes it.
 *
 * <p>It is an object on the heap and nothing else: it needs no thread, and one that is never finished
 * goes with its last reference.
 */
final class LuaCoroutine extends LuaValue {
    /** What a coroutine is doing; the names are those of {@code coroutine.status}. */
    enum Status {
        SUSPENDED("suspended"),
        RUNNING("running"),
        NORMAL("normal"),
        DEAD("dead");

        final String text;

        Status(String text) {
            this.text = text;
        }
    }

    private final LuaMachine machine;
    private final LuaStack stack = new LuaStack(this);
    private LuaValue function;
    private boolean isStarted;
    private Status status;
    private LuaStack resumer = stack;
    private Varargs transfer = NONE;
    /** What it failed with; nil if it did not. */
    private LuaValue failure = NIL;

    private int resultAt;
    private int wanted;

    /** The main program as a coroutine, which is running. */
    LuaCoroutine(LuaMachine machine) {
        this.machine = machine;
        this.function = NIL;
        this.status = Status.RUNNING;
    }

    LuaCoroutine(LuaMachine machine, LuaValue function) {
        this.machine = machine;
        this.function = function;
        this.status = Status.SUSPENDED;
    }

    LuaStack stack() {
        return stack;
    }

    Status status() {
        return status;
    }

    /** The stack that waits for this coroutine; its own if none does. */
    LuaStack resumer() {
        return resumer;
    }

    /** Whether the running function has just asked to be suspended. */
    boolean isYielding() {
        return status == Status.SUSPENDED;
    }

    /**
     * Runs until the next yield or the end and returns the values of either.
     *
     * @throws ScriptError if it cannot be resumed or fails; it is dead then
     */
    Varargs resume(Varargs args) {
        if (status != Status.SUSPENDED) {
            throw new ScriptError(
                    LuaText.of("cannot resume " + (status == Status.DEAD ? "dead" : "non-suspended") + " coroutine"));
        }
        LuaCoroutine from = enter();
        try {
            Varargs results = run(args);
            if (status == Status.SUSPENDED) {
                return transfer;
            }
            return results;
        } catch (RuntimeException | StackOverflowError thrown) {
            ScriptError error = machine.asScriptError(thrown);
            failure = error.value();
            throw error;
        } finally {
            leave(from);
        }
    }

    /** Lets this coroutine run in place of the one that runs now, which is returned. */
    private LuaCoroutine enter() {
        LuaCoroutine from = machine.current().coroutine;
        resumer = from.stack;
        from.status = Status.NORMAL;
        status = Status.RUNNING;
        return from;
    }

    private void leave(LuaCoroutine from) {
        if (status != Status.SUSPENDED) {
            end();
        }
        from.status = Status.RUNNING;
        resumer = stack;
    }

    /**
     * Ends a coroutine that does not run, closing its variables.
     *
     * @return the error that ended it before or that closing raised, or null
     * @throws ScriptError if it runs, or waits for one that runs
     */
    @Nullable LuaValue close() {
        if (status == Status.RUNNING || status == Status.NORMAL) {
            throw machine.error("cannot close a " + status.text + " coroutine");
        }
        LuaValue error = failure;
        if (status == Status.SUSPENDED) {
            LuaCoroutine from = enter();
            try {
                error = machine.closeStack(stack);
            } finally {
                leave(from);
            }
        }
        failure = NIL;
        return error.isnil() ? null : error;
    }

    private Varargs run(Varargs args) {
        if (isStarted) {
            LuaInterpreter.deliver(stack, resultAt, wanted, LuaMachine.ownCopy(args, 0));
            return machine.runCoroutine(stack, null, NONE);
        }
        isStarted = true;
        LuaValue body = function;
        function = NIL;
        return machine.runCoroutine(stack, body, args);
    }

    private void end() {
        status = Status.DEAD;
        stack.cutTo(null);
        stack.open = NONE;
        transfer = NONE;
    }

    /** Suspends; the values of the next resume go to the given registers. */
    void suspend(Varargs values, int at, int count) {
        transfer = LuaMachine.ownCopy(values, 0);
        resultAt = at;
        wanted = count;
        status = Status.SUSPENDED;
    }

    void visit(LiveSize walk) {
        walk.addBytes(120);
        walk.add(function);
        walk.addAll(transfer);
        walk.add(failure);
        stack.visit(walk);
    }

    @Override
    public int type() {
        return TTHREAD;
    }

    @Override
    public String typename() {
        return "thread";
    }

    @Override
    public boolean isthread() {
        return true;
    }
}
