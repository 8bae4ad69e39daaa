package io.llmspell.bridge.lua;

/**
 * What stops the compiler, with its place as an offset; {@link LuaCompiler} turns it into a
 * {@link LuaSyntaxException}.
 */
final class LuaProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int offset;

    LuaProblem(int line, int offset, String message) {
        super(message, null, false, false);
        this.line = line;
        this.offset = offset;
    }

    int line() {
        return line;
    }

    /** The byte of the chunk where the problem is. */
    int offset() {
        return offset;
    }
}
