package io.llmspell.core.agent;

import java.util.Locale;

/**
 * The states of an agent.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum AgentState {
    /** Known, not built. */
    UNINITIALIZED,
    /** Being built. */
    INITIALIZING,
    /** Waits for work. */
    READY,
    /** Works. */
    RUNNING,
    /** Stopped for a while. */
    PAUSED,
    /** About to end. */
    TERMINATING,
    /** Has ended; final. */
    TERMINATED,
    /** Failed. */
    ERROR,
    /** Comes back from an error. */
    RECOVERING;

    /**
     * The name as scripts and records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether the state machine has a transition.
     *
     * @param target the next state
     * @return true if this state may be followed by it
     */
    public boolean allows(AgentState target) {
        return switch (target) {
            case UNINITIALIZED -> false;
            case INITIALIZING -> this == UNINITIALIZED;
            case READY -> this == INITIALIZING || this == RUNNING || this == PAUSED || this == RECOVERING;
            case RUNNING -> this == READY || this == PAUSED;
            case PAUSED -> this == READY || this == RUNNING;
            case TERMINATING -> this != UNINITIALIZED && this != TERMINATED && this != TERMINATING;
            case TERMINATED -> this == TERMINATING || this == ERROR;
            case ERROR -> this != TERMINATED && this != ERROR;
            case RECOVERING -> this == ERROR;
        };
    }
}
