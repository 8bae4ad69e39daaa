package io.llmspell.core.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HookPointTest {
    /** The catalogue of points, written out: name, phase and group, in its order. */
    private static final List<String> CATALOGUE = List.of(
            "BeforeAgentInit BEFORE Agent",
            "AfterAgentInit AFTER Agent",
            "BeforeAgentExecution BEFORE Agent",
            "AfterAgentExecution AFTER Agent",
            "AgentError ERROR Agent",
            "BeforeAgentShutdown BEFORE Agent",
            "AfterAgentShutdown NOTICE Agent",
            "BeforeToolDiscovery BEFORE Tool",
            "AfterToolDiscovery AFTER Tool",
            "ToolValidation BEFORE Tool",
            "BeforeToolExecution BEFORE Tool",
            "AfterToolExecution AFTER Tool",
            "ToolError ERROR Tool",
            "BeforeWorkflowStart BEFORE Workflow",
            "BeforeWorkflowStage BEFORE Workflow",
            "AfterWorkflowStage AFTER Workflow",
            "WorkflowStageTransition BEFORE Workflow",
            "WorkflowCheckpoint BEFORE Workflow",
            "WorkflowRollback BEFORE Workflow",
            "AfterWorkflowComplete AFTER Workflow",
            "WorkflowError ERROR Workflow",
            "BeforeStateRead BEFORE State",
            "AfterStateRead AFTER State",
            "BeforeStateWrite BEFORE State",
            "AfterStateWrite AFTER State",
            "StateConflict ERROR State",
            "StateMigration BEFORE State",
            "SystemStartup BEFORE System",
            "SystemShutdown NOTICE System",
            "ConfigurationChange BEFORE System",
            "ResourceLimitExceeded NOTICE System",
            "SecurityViolation NOTICE System",
            "SessionStart BEFORE Session",
            "SessionEnd BEFORE Session",
            "SessionCheckpoint BEFORE Session",
            "SessionRestore BEFORE Session",
            "BeforeEventEmit BEFORE Event",
            "AfterEventEmit NOTICE Event",
            "EventHandlerError ERROR Event",
            "PerformanceThresholdExceeded NOTICE Performance",
            "MemoryUsageHigh NOTICE Performance",
            "CpuUsageHigh NOTICE Performance",
            "agent_paused BEFORE Agent",
            "agent_resumed BEFORE Agent",
            "agent_model_request BEFORE Agent",
            "agent_model_response AFTER Agent",
            "agent_model_error ERROR Agent",
            "agent_recovering BEFORE Agent",
            "agent_recovered AFTER Agent",
            "agent_state_save BEFORE Agent",
            "agent_state_delete BEFORE Agent",
            "agent_state_load AFTER Agent",
            "tool_parameter_validation BEFORE Tool",
            "tool_security_check BEFORE Tool",
            "tool_resource_allocated BEFORE Tool",
            "tool_timeout ERROR Tool",
            "tool_resource_released NOTICE Tool",
            "workflow_start NOTICE Workflow",
            "workflow_complete NOTICE Workflow",
            "workflow_step_boundary NOTICE Workflow",
            "workflow_state_change NOTICE Workflow",
            "workflow_shared_data BEFORE Workflow",
            "condition_evaluation AFTER Workflow",
            "branch_selection BEFORE Workflow",
            "loop_iteration_start BEFORE Workflow",
            "loop_iteration_complete AFTER Workflow",
            "loop_termination NOTICE Workflow",
            "parallel_fork BEFORE Workflow",
            "parallel_branch_start BEFORE Workflow",
            "parallel_branch_complete AFTER Workflow",
            "parallel_synchronization NOTICE Workflow",
            "parallel_join AFTER Workflow",
            "state_change BEFORE State",
            "pre_migration BEFORE State",
            "post_migration AFTER State",
            "pre_backup BEFORE State",
            "post_backup AFTER State",
            "pre_restore BEFORE State",
            "post_restore AFTER State",
            "artifact:before_create BEFORE Session",
            "artifact:after_create AFTER Session",
            "artifact:before_modify BEFORE Session",
            "artifact:after_modify AFTER Session",
            "artifact:before_delete BEFORE Session",
            "artifact:after_delete AFTER Session",
            "artifact:before_validate BEFORE Session",
            "artifact:after_validate AFTER Session",
            "artifact:validation_failed NOTICE Session",
            "artifact:derived NOTICE Session",
            "artifact:accessed NOTICE Session");

    @Test
    void known_isTheCatalogue() {
        assertThat(HookPoint.known())
                .extracting(info -> info.name() + " " + info.phase() + " " + info.group())
                .containsExactlyElementsOf(CATALOGUE);
    }

    @Test
    void constants_areThe42PointsOfTheUsers() throws IllegalAccessException {
        List<String> users = CATALOGUE.subList(0, 42);
        for (String row : users) {
            String name = row.substring(0, row.indexOf(' '));
            String constant = name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
            Object point = Arrays.stream(HookPoint.class.getFields())
                    .filter(field -> field.getName().equals(constant))
                    .findFirst()
                    .orElseThrow()
                    .get(null);
            assertThat(point).isEqualTo(new HookPoint(name));
        }
        assertThat(Arrays.stream(HookPoint.class.getFields()).filter(field -> Modifier.isStatic(field.getModifiers())))
                .hasSize(users.size());
    }

    @ParameterizedTest
    @CsvSource({
        "BeforeToolExecution, BeforeToolExecution",
        "before_tool_execution, BeforeToolExecution",
        "BEFORETOOLEXECUTION, BeforeToolExecution",
        "beforeWorkflowStep, BeforeWorkflowStage",
        "before_workflow_step, BeforeWorkflowStage",
        "WorkflowStepTransition, WorkflowStageTransition",
        "workflow_step_boundary, workflow_step_boundary",
        "AgentPaused, agent_paused",
        "custom:agent_paused, agent_paused",
        "custom:Agent_Paused, agent_paused",
        "custom:BeforeToolExecution, BeforeToolExecution",
        "artifact:BeforeCreate, artifact:before_create",
        "custom:artifact:before_create, artifact:before_create",
        "custom:mine, custom:mine",
        "custom:Mine_2.x-y:z, custom:Mine_2.x-y:z",
    })
    void parse_nameAsPeopleWriteIt_findsThePoint(String text, String expected) {
        assertThat(HookPoint.parse(text)).hasToString(expected).isEqualTo(new HookPoint(expected));
    }

    @Test
    void parse_everyName_findsItselfInAnyCase() {
        for (HookPointInfo info : HookPoint.known()) {
            assertThat(HookPoint.parse(info.name().toUpperCase(Locale.ROOT)).name())
                    .isEqualTo(info.name());
            assertThat(HookPoint.parse("custom:" + info.name()).name()).isEqualTo(info.name());
            assertThat(HookPoint.parse(info.name()).info()).isEqualTo(info);
        }
    }

    @Test
    void parse_unknownName_listsTheNearest() {
        assertThatThrownBy(() -> HookPoint.parse("BeforeToolExecutoin"))
                .isInstanceOfSatisfying(HookException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_HOOK_POINT);
                    assertThat(error.details())
                            .containsEntry("point", "BeforeToolExecutoin")
                            .extractingByKey("nearest")
                            .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                            .first()
                            .isEqualTo("BeforeToolExecution");
                })
                .hasMessageContaining("did you mean BeforeToolExecution or ")
                .hasMessageContaining("points of your own are custom:NAME");
        assertThatThrownBy(() -> HookPoint.parse("zzzzzzzzzzzzzzzzzzzzzzzzzzz"))
                .isInstanceOf(HookException.class)
                .message()
                .doesNotContain("did you mean");
        assertThatThrownBy(() -> HookPoint.parse("x".repeat(100_000)))
                .isInstanceOfSatisfying(
                        HookException.class,
                        error -> assertThat(error.getMessage()).hasSizeLessThan(300));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "beforeToolExecution", "custom:", "custom:a b", "custom:ü", "mine"})
    void point_ofAnUnknownName_isRefused(String name) {
        assertThatThrownBy(() -> new HookPoint(name))
                .isInstanceOf(HookException.class)
                .hasMessageEndingWith("[unknown_hook_point]");
    }

    @Test
    void custom_name_isCheckedAtItsBorders() {
        assertThat(HookPoint.custom("x".repeat(128)).name()).isEqualTo("custom:" + "x".repeat(128));
        assertThat(HookPoint.custom("agent_paused")).isEqualTo(HookPoint.parse("agent_paused"));
        for (String bad : List.of("", "x".repeat(129), "a b", "a/b", "é")) {
            assertThatThrownBy(() -> HookPoint.custom(bad))
                    .isInstanceOf(ArgumentException.class)
                    .hasMessageContaining("1 to 128 letters, digits and _ - . :");
        }
        assertThat(HookPoint.custom("mine").info())
                .isEqualTo(new HookPointInfo("custom:mine", "Custom", HookPhase.BEFORE));
    }

    @Test
    void phases_honourTheResultsOfTheirRow() {
        Map<HookPhase, List<HookResultKind>> refused = Map.of(
                HookPhase.BEFORE, List.of(),
                HookPhase.AFTER, List.of(),
                HookPhase.ERROR, List.of(HookResultKind.MODIFIED, HookResultKind.CACHE),
                HookPhase.NOTICE,
                        Arrays.stream(HookResultKind.values())
                                .filter(kind -> kind != HookResultKind.CONTINUE && kind != HookResultKind.SKIPPED)
                                .toList());

        refused.forEach((phase, kinds) -> assertThat(phase.results())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(HookResultKind.values())
                        .filter(kind -> !kinds.contains(kind))
                        .toList()));
        assertThatThrownBy(() -> HookPhase.NOTICE.results().add(HookResultKind.CANCEL))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
