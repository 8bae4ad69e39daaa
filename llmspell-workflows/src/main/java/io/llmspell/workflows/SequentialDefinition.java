package io.llmspell.workflows;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.workflow.WorkflowException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a sequential workflow does.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name its name, 1 to 256 characters
 * @param description what it is for; may be empty
 * @param initialState what the state of each run begins with
 * @param onError what a failed step means unless the step says otherwise
 * @param checkpoint whether the run is kept as it goes, so that it can be resumed
 * @param steps the steps in order, at least one; copied
 */
public record SequentialDefinition(
        String name,
        String description,
        JsonObject initialState,
        ErrorStrategy onError,
        boolean checkpoint,
        List<WorkflowStep> steps) {
    /**
     * Checks and copies the members.
     *
     * @param name its name
     * @param description what it is for
     * @param initialState what the state begins with
     * @param onError what a failed step means
     * @param checkpoint whether the run is kept as it goes
     * @param steps the steps
     * @throws WorkflowException {@code invalid_workflow} if the name is malformed, there are no steps or two share a
     *     name
     */
    public SequentialDefinition {
        if (name.isBlank() || name.length() > 256) {
            throw invalid("the workflow name \"" + name + "\" is not valid: it must have 1 to 256 characters", name);
        }
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw invalid("workflow \"" + name + "\" has no steps; give at least one", name);
        }
        Set<String> names = new HashSet<>();
        for (WorkflowStep step : steps) {
            if (!names.add(step.name())) {
                throw invalid("workflow \"" + name + "\" has two steps named \"" + step.name() + "\"", name);
            }
        }
    }

    private static WorkflowException invalid(String text, String name) {
        return new WorkflowException(ErrorCode.INVALID_WORKFLOW, text, Map.of("workflow", name), null);
    }

    /**
     * Begins a definition.
     *
     * @param name the workflow's name
     * @return the builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * Builds a definition.
     *
     * <p><b>Threads:</b> for one thread.
     */
    public static final class Builder {
        private final String name;
        private String description = "";
        private JsonObject initialState = JsonObject.empty();
        private ErrorStrategy onError = ErrorStrategy.FAIL_FAST;
        private boolean checkpoint = true;
        private final List<WorkflowStep> steps = new ArrayList<>();

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Says what the workflow is for.
         *
         * @param text the description
         * @return this builder
         */
        public Builder description(String text) {
            this.description = text;
            return this;
        }

        /**
         * Sets what the state of each run begins with.
         *
         * @param members JSON values by name
         * @return this builder
         */
        public Builder initialState(Map<String, ? extends @Nullable Object> members) {
            this.initialState = JsonValues.object(members, JsonLimits.VALUE);
            return this;
        }

        /**
         * Sets what a failed step means.
         *
         * @param strategy the strategy; {@link ErrorStrategy#FAIL_FAST} by default
         * @return this builder
         */
        public Builder onError(ErrorStrategy strategy) {
            this.onError = strategy;
            return this;
        }

        /**
         * Says whether runs are kept as they go, so that they can be resumed.
         *
         * @param kept true by default
         * @return this builder
         */
        public Builder checkpoint(boolean kept) {
            this.checkpoint = kept;
            return this;
        }

        /**
         * Adds a step behind those that are there.
         *
         * @param step the step
         * @return this builder
         */
        public Builder step(WorkflowStep step) {
            steps.add(step);
            return this;
        }

        /**
         * Makes the definition.
         *
         * @return the definition
         * @throws WorkflowException {@code invalid_workflow} if a member is wrong
         */
        public SequentialDefinition build() {
            return new SequentialDefinition(name, description, initialState, onError, checkpoint, steps);
        }
    }
}
