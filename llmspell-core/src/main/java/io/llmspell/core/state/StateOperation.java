package io.llmspell.core.state;

import java.util.Locale;

/**
 * What a caller does with a scope, as access rules and the audit log name it.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum StateOperation {
    /** Reads or checks a value. */
    READ(false),
    /** Asks for the keys of a scope; to get all its values, each key is asked for with {@link #READ} too. */
    LIST(false),
    /** Hears of changes. */
    WATCH(false),
    /** Stores a value. */
    WRITE(true),
    /** Removes a value, or all of a scope. */
    DELETE(true);

    private final String id = name().toLowerCase(Locale.ROOT);
    private final boolean writing;

    StateOperation(boolean writing) {
        this.writing = writing;
    }

    /**
     * The name in texts, scripts and audit records.
     *
     * @return such as {@code read}
     */
    public String id() {
        return id;
    }

    /**
     * Whether it can change state.
     *
     * @return true for {@link #WRITE} and {@link #DELETE}
     */
    public boolean writing() {
        return writing;
    }
}
