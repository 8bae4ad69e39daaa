package io.llmspell.core.script;

/**
 * A script asked to end with an exit code. Not an error: it unwinds the run and ends no process.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class ScriptExit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The exit code. */
    private final int status;

    /**
     * Makes an exit.
     *
     * @param status the exit code, 0 to 255
     */
    public ScriptExit(int status) {
        super("exit " + status, null, false, false);
        this.status = status;
    }

    /**
     * The exit code.
     *
     * @return 0 to 255
     */
    public int status() {
        return status;
    }
}
