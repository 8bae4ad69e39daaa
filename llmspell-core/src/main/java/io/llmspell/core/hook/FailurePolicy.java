package io.llmspell.core.hook;

/**
 * What the failure of a hook does to the operation. A veto is no failure.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum FailurePolicy {
    /** The failure is logged and counted; the operation goes on. For observers. */
    FAIL_OPEN,
    /** The operation is refused, also when the hook is slow or cannot start. For guards. */
    FAIL_CLOSED,
    /** The operation goes on; the hook is disabled until someone enables it again. */
    QUARANTINE
}
