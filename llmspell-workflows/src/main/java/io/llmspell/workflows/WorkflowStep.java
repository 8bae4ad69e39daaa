package io.llmspell.workflows;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.core.workflow.WorkflowException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a workflow.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name its name, 1 to 128 characters without {@code : { } |}, different from the other steps
 * @param target what does the work
 * @param input its input with placeholders, a JSON value; null for none
 * @param required whether its failure counts; the run goes on after the failure of a step that is not required
 * @param onError what its failure means, null for the strategy of the workflow
 * @param compensate takes back what the step has done when the run fails later, or null
 */
public record WorkflowStep(
        String name,
        Target target,
        @Nullable Object input,
        boolean required,
        @Nullable ErrorStrategy onError,
        @Nullable WorkflowFunction compensate) {
    /** What does the work of a step. */
    public sealed interface Target {
        /**
         * A tool.
         *
         * @param name its name
         */
        record OfTool(String name) implements Target {}

        /**
         * An agent that is looked up when the step runs.
         *
         * @param name its name or id
         */
        record OfAgentName(String name) implements Target {}

        /**
         * An agent.
         *
         * @param agent the agent
         */
        record OfAgent(Agent agent) implements Target {}

        /**
         * A function.
         *
         * @param function the function
         */
        record OfFunction(WorkflowFunction function) implements Target {}

        /**
         * A workflow.
         *
         * @param workflow the workflow
         */
        record OfWorkflow(Workflow workflow) implements Target {}

        /**
         * The kind of the step as definitions write it.
         *
         * @return {@code tool}, {@code agent}, {@code function} or {@code workflow}
         */
        default String type() {
            if (this instanceof OfTool) {
                return "tool";
            }
            if (this instanceof OfFunction) {
                return "function";
            }
            return this instanceof OfWorkflow ? "workflow" : "agent";
        }
    }

    /**
     * Checks the name and the input.
     *
     * @param name its name
     * @param target what does the work
     * @param input its input with placeholders
     * @param required whether its failure counts
     * @param onError what its failure means
     * @param compensate takes back what the step has done, or null
     * @throws WorkflowException {@code invalid_workflow} if the name is malformed
     * @throws io.llmspell.core.json.JsonValueException if the input is no JSON value
     */
    public WorkflowStep {
        if (name.isBlank() || name.length() > 128 || name.chars().anyMatch(c -> ":{}|".indexOf(c) >= 0)) {
            throw new WorkflowException(
                    ErrorCode.INVALID_WORKFLOW,
                    "the step name \"" + name + "\" is not valid: it must have 1 to 128 characters and none of : { } |",
                    Map.of("step", name),
                    null);
        }
        input = JsonValues.checked(input, JsonLimits.TOOL);
    }

    /**
     * A step without compensation.
     *
     * @param name its name
     * @param target what does the work
     * @param input its input with placeholders
     * @param required whether its failure counts
     * @param onError what its failure means, null for the strategy of the workflow
     */
    public WorkflowStep(
            String name, Target target, @Nullable Object input, boolean required, @Nullable ErrorStrategy onError) {
        this(name, target, input, required, onError, null);
    }

    /**
     * A step that calls a tool.
     *
     * @param name the step's name
     * @param tool the tool's name
     * @param input its parameters
     * @return the step, required
     */
    public static WorkflowStep tool(String name, String tool, Map<String, ? extends @Nullable Object> input) {
        return new WorkflowStep(name, new Target.OfTool(tool), input, true, null);
    }

    /**
     * A step that asks an agent.
     *
     * @param name the step's name
     * @param agent the agent's name or id
     * @param prompt what it is asked
     * @return the step, required
     */
    public static WorkflowStep agent(String name, String agent, String prompt) {
        return new WorkflowStep(name, new Target.OfAgentName(agent), prompt, true, null);
    }

    /**
     * A step that runs a function.
     *
     * @param name the step's name
     * @param function the function
     * @return the step, required
     */
    public static WorkflowStep function(String name, WorkflowFunction function) {
        return new WorkflowStep(name, new Target.OfFunction(function), null, true, null);
    }

    /**
     * A step that runs a workflow.
     *
     * @param name the step's name
     * @param workflow the workflow
     * @param input its input; null for the input of the outer run
     * @return the step, required
     */
    public static WorkflowStep workflow(String name, Workflow workflow, @Nullable Object input) {
        return new WorkflowStep(name, new Target.OfWorkflow(workflow), input, true, null);
    }

    /**
     * A copy whose failure does not count.
     *
     * @return the copy
     */
    public WorkflowStep optional() {
        return new WorkflowStep(name, target, input, false, onError, compensate);
    }

    /**
     * A copy with an error strategy of its own.
     *
     * @param strategy what its failure means
     * @return the copy
     */
    public WorkflowStep onError(ErrorStrategy strategy) {
        return new WorkflowStep(name, target, input, required, strategy, compensate);
    }

    /**
     * A copy with a compensation.
     *
     * @param function takes back what the step has done when the run fails later; its value is not used
     * @return the copy
     */
    public WorkflowStep compensate(WorkflowFunction function) {
        return new WorkflowStep(name, target, input, required, onError, function);
    }
}
