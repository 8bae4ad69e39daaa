package io.llmspell.core.state;

import io.llmspell.core.error.ArgumentException;
import java.util.Locale;

/**
 * What a grant allows.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum GrantAccess {
    /** To read, list and watch. */
    READ,
    /** To store and remove, without reading: a box to throw things into. */
    WRITE,
    /** Both. */
    READ_WRITE;

    private final String id = name().toLowerCase(Locale.ROOT);

    /**
     * The name in scripts and stored records.
     *
     * @return such as {@code read_write}
     */
    public String id() {
        return id;
    }

    /**
     * Whether an operation is allowed.
     *
     * @param operation the operation
     * @return true if it is
     */
    public boolean allows(StateOperation operation) {
        return this == READ_WRITE || operation.writing() == (this == WRITE);
    }

    /**
     * Finds an access by its name.
     *
     * @param id the name
     * @return the access
     * @throws ArgumentException {@code invalid_argument} if there is none of that name
     */
    public static GrantAccess of(String id) {
        for (GrantAccess each : values()) {
            if (each.id.equals(id)) {
                return each;
            }
        }
        throw new ArgumentException("access", id, "read, write or read_write");
    }
}
