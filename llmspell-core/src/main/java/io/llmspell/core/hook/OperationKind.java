package io.llmspell.core.hook;

import java.util.Locale;

/**
 * The kinds of operations that pass the gate.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum OperationKind {
    /** An agent is being built. */
    AGENT_INIT,
    /** An agent answers an input. */
    AGENT_RUN,
    /** An agent goes from one state to another. */
    AGENT_TRANSITION,
    /** The record of an agent is saved, loaded or deleted. */
    AGENT_RECORD,
    /** A model is called. */
    MODEL_CALL,
    /** Tools are listed. */
    TOOL_DISCOVERY,
    /** A tool is called. */
    TOOL_CALL,
    /** A workflow runs. */
    WORKFLOW_RUN,
    /** A step of a workflow runs. */
    WORKFLOW_STEP,
    /** A workflow goes on between its steps: boundaries, transitions, changes of status and state, compensation. */
    WORKFLOW_TRANSITION,
    /** State is read. */
    STATE_READ,
    /** State is written or deleted. */
    STATE_WRITE,
    /** An event is emitted. */
    EVENT_EMIT,
    /** An event is handed to a handler. */
    EVENT_HANDLE,
    /** A session starts, ends, is stored or restored. */
    SESSION,
    /** Records move to another schema version. */
    MIGRATION,
    /** A backup is made or restored. */
    BACKUP,
    /** The runtime starts, stops or changes. */
    SYSTEM,
    /** A user fires a point of their own. */
    CUSTOM;

    /**
     * The name as scripts and records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
