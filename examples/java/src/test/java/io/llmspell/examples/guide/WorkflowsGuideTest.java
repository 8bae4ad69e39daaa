package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.workflows.SequentialDefinition;
import io.llmspell.workflows.WorkflowStep;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkflowsGuideTest extends Guide {
    @Test
    void inOneMinute() {
        spell.agents()
                .create(AgentConfig.builder("writer").model("offline/echo").build(), caller);
        // region
        Workflow flow = spell.workflows()
                .sequential(SequentialDefinition.builder("report")
                        .step(WorkflowStep.agent("draft", "writer", "On {{input.topic}}"))
                        .step(WorkflowStep.tool(
                                "loud", "text_manipulator", Map.of("operation", "uppercase", "input", "$draft")))
                        .step(WorkflowStep.function(
                                "count",
                                context -> context.steps()
                                        .get("loud")
                                        .text("output")
                                        .length()))
                        .build());
        JsonObject result = flow.run(JsonObject.of("topic", "tides"), caller);
        // endregion

        assertThat(result.get("success")).as(result.toString()).isEqualTo(true);
    }
}
