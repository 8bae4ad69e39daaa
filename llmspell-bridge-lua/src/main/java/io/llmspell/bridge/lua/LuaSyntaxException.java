package io.llmspell.bridge.lua;

/**
 * A chunk that does not compile.
 *
 * <p>Inside this package only: the engine turns it into a coded exception.
 */
final class LuaSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String chunk;
    private final int line;
    private final int column;

    /**
     * @param chunk the chunk as messages show it
     * @param line from 1
     * @param column from 1, or 0 if it is not known
     */
    LuaSyntaxException(String chunk, int line, int column, String problem) {
        super(problem, null, false, false);
        this.chunk = chunk;
        this.line = line;
        this.column = column;
    }

    String chunk() {
        return chunk;
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    /** The problem with its place before it, as Lua shows it. */
    String located() {
        return chunk + ":" + line + ": " + getMessage();
    }
}
