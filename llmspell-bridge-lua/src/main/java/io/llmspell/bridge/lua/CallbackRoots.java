package io.llmspell.bridge.lua;

import io.llmspell.core.concurrent.Handle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaTable;

/**
 * The functions that the host keeps, such as hooks: no script need refer to them, but what they capture counts as alive.
 *
 * <p>Threads: {@link #add} and its handle from any; the walk on the owner.
 */
final class CallbackRoots extends LuaTable implements LiveSize.HeldValues {
    private final Set<Root> held = ConcurrentHashMap.newKeySet();

    /** Keeps a function until the handle is closed. */
    Handle add(LuaFunction function) {
        Root root = new Root(function);
        held.add(root);
        return () -> held.remove(root);
    }

    @Override
    public void visit(LiveSize walk) {
        held.forEach(root -> walk.add(root.function));
    }

    /** One reason to keep a function; identity counts. */
    private static final class Root {
        final LuaFunction function;

        Root(LuaFunction function) {
            this.function = function;
        }
    }
}
