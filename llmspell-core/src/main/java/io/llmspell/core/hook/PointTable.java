package io.llmspell.core.hook;

import io.llmspell.core.text.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The catalogue of hook points: standard ones first, then those that the runtime names. */
final class PointTable {
    /** Group, then names with their phase: B before, A after, E error, N notice. */
    private static final String[] ROWS = {
        "Agent BeforeAgentInit/B AfterAgentInit/A BeforeAgentExecution/B AfterAgentExecution/A AgentError/E"
                + " BeforeAgentShutdown/B AfterAgentShutdown/N",
        "Tool BeforeToolDiscovery/B AfterToolDiscovery/A ToolValidation/B BeforeToolExecution/B"
                + " AfterToolExecution/A ToolError/E",
        "Workflow BeforeWorkflowStart/B BeforeWorkflowStage/B AfterWorkflowStage/A WorkflowStageTransition/B"
                + " WorkflowCheckpoint/B WorkflowRollback/B AfterWorkflowComplete/A WorkflowError/E",
        "State BeforeStateRead/B AfterStateRead/A BeforeStateWrite/B AfterStateWrite/A StateConflict/E"
                + " StateMigration/B",
        "System SystemStartup/B SystemShutdown/N ConfigurationChange/B ResourceLimitExceeded/N SecurityViolation/N",
        "Session SessionStart/B SessionEnd/B SessionCheckpoint/B SessionRestore/B",
        "Event BeforeEventEmit/B AfterEventEmit/N EventHandlerError/E",
        "Performance PerformanceThresholdExceeded/N MemoryUsageHigh/N CpuUsageHigh/N",
        "Agent agent_paused/B agent_resumed/B agent_model_request/B agent_model_response/A agent_model_error/E"
                + " agent_recovering/B agent_recovered/A agent_state_save/B agent_state_delete/B agent_state_load/A",
        "Tool tool_parameter_validation/B tool_security_check/B tool_resource_allocated/B tool_timeout/E"
                + " tool_resource_released/N",
        "Workflow workflow_start/N workflow_complete/N workflow_step_boundary/N workflow_state_change/N"
                + " workflow_shared_data/B condition_evaluation/A branch_selection/B loop_iteration_start/B"
                + " loop_iteration_complete/A loop_termination/N parallel_fork/B parallel_branch_start/B"
                + " parallel_branch_complete/A parallel_synchronization/N parallel_join/A",
        "State state_change/B pre_migration/B post_migration/A pre_backup/B post_backup/A pre_restore/B"
                + " post_restore/A",
        "Session artifact:before_create/B artifact:after_create/A artifact:before_modify/B artifact:after_modify/A"
                + " artifact:before_delete/B artifact:after_delete/A artifact:before_validate/B"
                + " artifact:after_validate/A artifact:validation_failed/N artifact:derived/N artifact:accessed/N",
    };

    static final String CUSTOM_PREFIX = "custom:";
    static final String AROUND_PREFIX = "around:";

    private static final Map<String, HookPointInfo> BY_NAME = byName();
    private static final Map<String, String> BY_LOOSE_NAME = byLooseName();

    private PointTable() {}

    private static Map<String, HookPointInfo> byName() {
        Map<String, HookPointInfo> table = new LinkedHashMap<>();
        for (String row : ROWS) {
            String[] words = row.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                int slash = words[i].lastIndexOf('/');
                String name = words[i].substring(0, slash);
                table.put(name, new HookPointInfo(name, words[0], phase(words[i].charAt(slash + 1))));
            }
        }
        return table;
    }

    private static Map<String, String> byLooseName() {
        Map<String, String> table = new LinkedHashMap<>();
        for (String name : BY_NAME.keySet()) {
            table.put(loose(name), name);
            table.put(loose(name.replace("WorkflowStage", "WorkflowStep")), name);
        }
        return table;
    }

    private static HookPhase phase(char letter) {
        return switch (letter) {
            case 'B' -> HookPhase.BEFORE;
            case 'A' -> HookPhase.AFTER;
            case 'E' -> HookPhase.ERROR;
            default -> HookPhase.NOTICE;
        };
    }

    private static String loose(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    static boolean knows(String name) {
        return BY_NAME.containsKey(name);
    }

    static boolean isAround(String name) {
        return name.startsWith(AROUND_PREFIX)
                && Arrays.stream(OperationKind.values()).anyMatch(kind -> name.equals(AROUND_PREFIX + kind.id()));
    }

    static Optional<String> find(String text) {
        String bare = text.startsWith(CUSTOM_PREFIX) ? text.substring(CUSTOM_PREFIX.length()) : text;
        return Optional.ofNullable(BY_LOOSE_NAME.get(loose(bare)));
    }

    /** The runtime's name if one stands behind {@code custom:}, else the text as it is. */
    static String owned(String text) {
        return text.startsWith(CUSTOM_PREFIX) ? find(text).orElse(text) : text;
    }

    static List<String> nearest(String text) {
        return Nearest.of(text, BY_NAME.keySet());
    }

    static List<HookPointInfo> all() {
        return List.copyOf(new ArrayList<>(BY_NAME.values()));
    }

    static HookPointInfo info(HookPoint point) {
        HookPointInfo known = BY_NAME.get(point.name());
        if (known != null) {
            return known;
        }
        return point.name().startsWith(AROUND_PREFIX)
                ? new HookPointInfo(point.name(), "Around", HookPhase.AROUND)
                : new HookPointInfo(point.name(), "Custom", HookPhase.BEFORE);
    }
}
