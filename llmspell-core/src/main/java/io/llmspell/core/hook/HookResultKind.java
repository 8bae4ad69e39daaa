package io.llmspell.core.hook;

import java.util.Locale;

/**
 * The nine kinds of hook results.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum HookResultKind {
    /** Go on. */
    CONTINUE,
    /** Go on with other data. */
    MODIFIED,
    /** Refuse the operation. */
    CANCEL,
    /** Let another target do the work. */
    REDIRECT,
    /** Answer in place of the operation. */
    REPLACE,
    /** Run the operation again. */
    RETRY,
    /** Run more operations beside it. */
    FORK,
    /** Answer from a cache, or fill it. */
    CACHE,
    /** The hook did not apply. */
    SKIPPED;

    /**
     * The name as scripts and records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
