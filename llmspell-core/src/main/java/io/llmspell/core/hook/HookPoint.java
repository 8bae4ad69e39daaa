package io.llmspell.core.hook;

import io.llmspell.core.error.ArgumentException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place where hooks run: one of the standard points, a point that the runtime names, or {@code custom:NAME}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name the exact name, such as {@code BeforeToolExecution}
 */
public record HookPoint(String name) {
    private static final Pattern CUSTOM = Pattern.compile("custom:[A-Za-z0-9_\\-.:]{1,128}");

    /** Nothing of the agent is built yet. */
    public static final HookPoint BEFORE_AGENT_INIT = new HookPoint("BeforeAgentInit");
    /** The agent is built but not visible. */
    public static final HookPoint AFTER_AGENT_INIT = new HookPoint("AfterAgentInit");
    /** An agent run begins. */
    public static final HookPoint BEFORE_AGENT_EXECUTION = new HookPoint("BeforeAgentExecution");
    /** An agent run has its output. */
    public static final HookPoint AFTER_AGENT_EXECUTION = new HookPoint("AfterAgentExecution");
    /** An agent run failed. */
    public static final HookPoint AGENT_ERROR = new HookPoint("AgentError");
    /** An agent is about to end. */
    public static final HookPoint BEFORE_AGENT_SHUTDOWN = new HookPoint("BeforeAgentShutdown");
    /** An agent has ended. */
    public static final HookPoint AFTER_AGENT_SHUTDOWN = new HookPoint("AfterAgentShutdown");
    /** Tools are about to be listed. */
    public static final HookPoint BEFORE_TOOL_DISCOVERY = new HookPoint("BeforeToolDiscovery");
    /** Tools have been listed. */
    public static final HookPoint AFTER_TOOL_DISCOVERY = new HookPoint("AfterToolDiscovery");
    /** A tool call begins, before its schema is checked. */
    public static final HookPoint TOOL_VALIDATION = new HookPoint("ToolValidation");
    /** A tool is about to run. */
    public static final HookPoint BEFORE_TOOL_EXECUTION = new HookPoint("BeforeToolExecution");
    /** A tool has its result. */
    public static final HookPoint AFTER_TOOL_EXECUTION = new HookPoint("AfterToolExecution");
    /** A tool failed, timed out or was refused by a check. */
    public static final HookPoint TOOL_ERROR = new HookPoint("ToolError");
    /** A workflow run begins. */
    public static final HookPoint BEFORE_WORKFLOW_START = new HookPoint("BeforeWorkflowStart");
    /** An attempt of a workflow step begins. */
    public static final HookPoint BEFORE_WORKFLOW_STAGE = new HookPoint("BeforeWorkflowStage");
    /** A workflow step succeeded. */
    public static final HookPoint AFTER_WORKFLOW_STAGE = new HookPoint("AfterWorkflowStage");
    /** A workflow goes from one step to the next. */
    public static final HookPoint WORKFLOW_STAGE_TRANSITION = new HookPoint("WorkflowStageTransition");
    /** A workflow is about to store a checkpoint. */
    public static final HookPoint WORKFLOW_CHECKPOINT = new HookPoint("WorkflowCheckpoint");
    /** A workflow is about to compensate its steps. */
    public static final HookPoint WORKFLOW_ROLLBACK = new HookPoint("WorkflowRollback");
    /** A workflow run succeeded. */
    public static final HookPoint AFTER_WORKFLOW_COMPLETE = new HookPoint("AfterWorkflowComplete");
    /** A workflow step or run failed for good. */
    public static final HookPoint WORKFLOW_ERROR = new HookPoint("WorkflowError");
    /** State is about to be read. */
    public static final HookPoint BEFORE_STATE_READ = new HookPoint("BeforeStateRead");
    /** State has been read. */
    public static final HookPoint AFTER_STATE_READ = new HookPoint("AfterStateRead");
    /** State is about to be written. */
    public static final HookPoint BEFORE_STATE_WRITE = new HookPoint("BeforeStateWrite");
    /** State has been committed. */
    public static final HookPoint AFTER_STATE_WRITE = new HookPoint("AfterStateWrite");
    /** A compare-and-set or transaction lost. */
    public static final HookPoint STATE_CONFLICT = new HookPoint("StateConflict");
    /** A migration is planned and nothing has moved. */
    public static final HookPoint STATE_MIGRATION = new HookPoint("StateMigration");
    /** The runtime starts. */
    public static final HookPoint SYSTEM_STARTUP = new HookPoint("SystemStartup");
    /** The runtime begins to close. */
    public static final HookPoint SYSTEM_SHUTDOWN = new HookPoint("SystemShutdown");
    /** A configuration change is about to act. */
    public static final HookPoint CONFIGURATION_CHANGE = new HookPoint("ConfigurationChange");
    /** A limit was reached. */
    public static final HookPoint RESOURCE_LIMIT_EXCEEDED = new HookPoint("ResourceLimitExceeded");
    /** A security rule was broken. */
    public static final HookPoint SECURITY_VIOLATION = new HookPoint("SecurityViolation");
    /** A session begins. */
    public static final HookPoint SESSION_START = new HookPoint("SessionStart");
    /** A session is about to end. */
    public static final HookPoint SESSION_END = new HookPoint("SessionEnd");
    /** A session is about to be snapshotted. */
    public static final HookPoint SESSION_CHECKPOINT = new HookPoint("SessionCheckpoint");
    /** A session is about to be put back. */
    public static final HookPoint SESSION_RESTORE = new HookPoint("SessionRestore");
    /** An event is about to get its number. */
    public static final HookPoint BEFORE_EVENT_EMIT = new HookPoint("BeforeEventEmit");
    /** An event has been routed. */
    public static final HookPoint AFTER_EVENT_EMIT = new HookPoint("AfterEventEmit");
    /** An event handler failed. */
    public static final HookPoint EVENT_HANDLER_ERROR = new HookPoint("EventHandlerError");
    /** A measured value crossed its threshold. */
    public static final HookPoint PERFORMANCE_THRESHOLD_EXCEEDED = new HookPoint("PerformanceThresholdExceeded");
    /** Memory use crossed its limit. */
    public static final HookPoint MEMORY_USAGE_HIGH = new HookPoint("MemoryUsageHigh");
    /** Processor use crossed its limit. */
    public static final HookPoint CPU_USAGE_HIGH = new HookPoint("CpuUsageHigh");

    /**
     * Checks the name.
     *
     * @param name the exact name
     * @throws HookException {@code unknown_hook_point} with the nearest names
     */
    public HookPoint {
        name = PointTable.owned(ArgumentException.given(name, "hook point", "a name"));
        if (!PointTable.knows(name) && !CUSTOM.matcher(name).matches() && !PointTable.isAround(name)) {
            throw HookException.unknownPoint(name, PointTable.nearest(name));
        }
    }

    /**
     * A point of the user's own; the name of a point of the runtime means that point.
     *
     * @param name 1 to 128 letters, digits and {@code _ - . :}
     * @return the point {@code custom:name}, or the runtime's own
     * @throws ArgumentException {@code invalid_argument} if the name is malformed
     */
    public static HookPoint custom(String name) {
        String full = PointTable.CUSTOM_PREFIX + ArgumentException.given(name, "custom hook point", "a name");
        if (!CUSTOM.matcher(full).matches()) {
            throw new ArgumentException("custom hook point", name, "1 to 128 letters, digits and _ - . :");
        }
        return new HookPoint(full);
    }

    /**
     * The place of the around-hooks of a kind of operation; only around-hooks can be registered there.
     *
     * @param kind the kind
     * @return the point {@code around:KIND}
     */
    public static HookPoint around(OperationKind kind) {
        return new HookPoint(PointTable.AROUND_PREFIX
                + ArgumentException.given(kind, "operation kind", "a kind").id());
    }

    /**
     * Finds a point by a name as people write it: case and underscores do not count, {@code WorkflowStep} is
     * {@code WorkflowStage}, and {@code custom:} before a name of the runtime means that point.
     *
     * @param text the name
     * @return the point
     * @throws HookException {@code unknown_hook_point} with the nearest names
     */
    public static HookPoint parse(String text) {
        Optional<String> known = PointTable.find(ArgumentException.given(text, "hook point", "a name"));
        return new HookPoint(known.orElse(text));
    }

    /**
     * All points of the house, in the order of the catalogue.
     *
     * @return the points with group and phase, unmodifiable
     */
    public static List<HookPointInfo> known() {
        return PointTable.all();
    }

    /**
     * Group and phase of the point; a custom point is in the group {@code Custom} and of the phase before.
     *
     * @return the info
     */
    public HookPointInfo info() {
        return PointTable.info(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
