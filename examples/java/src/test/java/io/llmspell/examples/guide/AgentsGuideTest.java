package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentsGuideTest extends Guide {
    @Test
    void inOneMinute() {
        // region
        Agent agent = spell.agents()
                .create(
                        AgentConfig.builder("mathematician")
                                .model("offline/tools")
                                .tools(List.of("calculator"))
                                .build(),
                        caller);
        JsonObject answer = agent.run(JsonObject.of("text", "calculate 6 * 7"), caller);
        agent.life().pause("lunch", caller);
        agent.life().resume("", caller);
        agent.terminate(caller); // frees the name
        // endregion

        assertThat(answer.text("text")).isEqualTo("(offline/tools) The tool calculator gave 42.");
        assertThat(spell.agents().find("mathematician")).isEmpty();
    }

    @Test
    void memory() {
        Agent agent = spell.agents()
                .create(AgentConfig.builder("ann").model("offline/echo").build(), caller);
        // region
        agent.memory().setVariable("topic", "tides");
        agent.memory().save(caller); // returns when it is as durable as the write mode of the store
        agent.memory().load(caller); // false if nothing is kept; puts back all but the configuration
        agent.memory().delete(caller);
        spell.agentRecords().names(caller); // of which agents something is kept
        // endregion

        assertThat(spell.agentRecords().names(caller)).isEmpty();
    }
}
