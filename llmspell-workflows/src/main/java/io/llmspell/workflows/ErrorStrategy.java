package io.llmspell.workflows;

import java.util.Locale;

/**
 * What a failed step means for its run.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum ErrorStrategy {
    /** The run ends and has failed. */
    FAIL_FAST,
    /** The run goes on. */
    CONTINUE;

    /**
     * The name as definitions write it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
