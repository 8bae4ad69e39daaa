package io.llmspell.state;

/** Why an operation is allowed or not. */
enum Verdict {
    /** The host, the runtime and top-level scripts use every scope. */
    EVERYTHING(true, false, "host, runtime or script"),
    /** The scope is the principal's own. */
    OWNER(true, false, "owner"),
    /** The global scope, under a boundary that leaves it open. */
    GLOBAL(true, false, "global"),
    /** The boundary of the agent reaches the scope. */
    BOUNDARY(true, true, "boundary"),
    /** There is a grant that counts. */
    GRANT(true, true, "grant"),
    /** The agent may do nothing at all. */
    CUT_OFF(false, true, "cut off"),
    /** Nothing allows it. */
    DENIED(false, true, "no grant");

    private final boolean allowed;
    private final boolean audited;
    private final String reason;

    Verdict(boolean allowed, boolean audited, String reason) {
        this.allowed = allowed;
        this.audited = audited;
        this.reason = reason;
    }

    boolean allowed() {
        return allowed;
    }

    /** Whether the attempt goes to the audit log: everything but the use of what is one's own. */
    boolean audited() {
        return audited;
    }

    String reason() {
        return reason;
    }
}
