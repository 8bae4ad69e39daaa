package io.llmspell.bridge.lua;

/** {@code os.exit}: ends the script, not the process; no script can catch it. */
final class LuaExit extends Error {
    private static final long serialVersionUID = 1L;

    private final int code;

    LuaExit(int code) {
        super("os.exit(" + code + ")", null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }
}
