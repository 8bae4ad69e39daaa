package io.llmspell.core.gate;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookPoint;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hook vetoed an operation; code {@code operation_cancelled}.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class OperationCancelledException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /** The hook's name. */
    private final String hook;

    /** The hook's reason. */
    private final String reason;

    /**
     * Makes an error.
     *
     * @param hook the hook's name
     * @param point where it vetoed
     * @param component what was about to run
     * @param reason the hook's reason
     * @param cause the operation's own error, if the veto came at an error point
     */
    public OperationCancelledException(
            String hook, HookPoint point, String component, String reason, @Nullable Throwable cause) {
        super(
                ErrorCode.OPERATION_CANCELLED,
                component + " was cancelled by hook \"" + hook + "\" at " + point + ": " + reason,
                Map.of("component", component, "hook", hook, "point", point.name(), "reason", reason),
                cause);
        this.hook = hook;
        this.reason = reason;
    }

    private OperationCancelledException(OperationCancelledException veto, long version) {
        super(
                ErrorCode.OPERATION_CANCELLED,
                veto.text() + " (the change is committed as version " + version + " and stands)",
                committed(veto, version),
                veto.getCause());
        this.hook = veto.hook;
        this.reason = veto.reason;
    }

    private static Map<String, @Nullable Object> committed(OperationCancelledException veto, long version) {
        Map<String, @Nullable Object> details = new LinkedHashMap<>(veto.details());
        details.put("committed", true);
        details.put("version", version);
        return details;
    }

    /**
     * The same veto, of an operation whose change was already committed.
     *
     * @param version the version of the change
     * @return a copy whose text and details {@code committed} and {@code version} say so
     */
    public OperationCancelledException afterCommit(long version) {
        OperationCancelledException copy = new OperationCancelledException(this, version);
        copy.setStackTrace(getStackTrace());
        return copy;
    }

    /**
     * The hook that vetoed.
     *
     * @return its name
     */
    public String hook() {
        return hook;
    }

    /**
     * Why.
     *
     * @return the hook's reason
     */
    public String reason() {
        return reason;
    }
}
