package io.llmspell.cli;

/** The exit codes of the runner. */
final class ExitCode {
    static final int FINE = 0;
    static final int SCRIPT = 1;
    static final int USAGE = 2;
    static final int ENVIRONMENT = 3;
    static final int LIMIT = 124;

    private ExitCode() {}
}
