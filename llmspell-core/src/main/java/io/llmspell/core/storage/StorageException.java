package io.llmspell.core.storage;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store cannot be opened, read or written; the codes that begin with {@code store_}, and {@code state_conflict}.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class StorageException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param code the code
     * @param text what is wrong, where and what to do
     * @param details machine-readable members
     * @param cause the error below, if any
     */
    public StorageException(
            ErrorCode code, String text, Map<String, ? extends @Nullable Object> details, @Nullable Throwable cause) {
        super(code, text, details, cause);
    }

    /**
     * Makes an error without details.
     *
     * @param code the code
     * @param text what is wrong, where and what to do
     */
    public StorageException(ErrorCode code, String text) {
        this(code, text, Map.of(), null);
    }

    /**
     * The error of a call on a closed store.
     *
     * @return the error, code {@code store_closed}
     */
    public static StorageException closed() {
        return new StorageException(ErrorCode.STORE_CLOSED, "the store is closed; open it again to go on");
    }

    static StorageException conflict(Commit.Conflict conflict) {
        return new StorageException(
                ErrorCode.STATE_CONFLICT,
                "another writer was first: the revision of a key in "
                        + conflict.space().name() + " is now " + conflict.actual() + "; read it again",
                Map.of("actual", conflict.actual()),
                null);
    }
}
