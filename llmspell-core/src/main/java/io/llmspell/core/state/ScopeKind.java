package io.llmspell.core.state;

import java.util.Locale;

/**
 * The kinds of scopes.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum ScopeKind {
    /** Shared by all. */
    GLOBAL(0),
    /** Of one agent. */
    AGENT(1),
    /** Of one workflow. */
    WORKFLOW(1),
    /** Of one step of a workflow. */
    STEP(2),
    /** Of one session. */
    SESSION(1),
    /** Of one tool. */
    TOOL(1),
    /** Of one hook. */
    HOOK(1),
    /** Of the user's own naming. */
    CUSTOM(1);

    private final int ids;
    private final String id = name().toLowerCase(Locale.ROOT);

    ScopeKind(int ids) {
        this.ids = ids;
    }

    /**
     * How many ids a scope of this kind has.
     *
     * @return 0, 1 or 2
     */
    public int ids() {
        return ids;
    }

    /**
     * The name as scripts and records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return id;
    }
}
