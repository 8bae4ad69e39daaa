package io.llmspell.bridge.lua;

/**
 * The end of a script that no script can catch: {@code pcall} and coroutines let it through.
 *
 * <p>An {@link Error} without a stack trace, made once per guard and reason.
 */
final class LuaStop extends Error {
    private static final long serialVersionUID = 1L;

    private final LuaStopReason reason;

    LuaStop(LuaStopReason reason) {
        super("script stopped: " + reason, null, false, false);
        this.reason = reason;
    }

    LuaStopReason reason() {
        return reason;
    }
}
