package io.llmspell.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** One breaker per agent, around its runs and transitions. */
class AgentBreakerTest {
    private final ManualTime time = new ManualTime();
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final AgentsFixture fixture = new AgentsFixture(
            time,
            true,
            new ScriptedProvider(request -> broken.get()
                    ? Mono.error(new UnsupportedOperationException("planted"))
                    : Mono.just(ScriptedProvider.said("fine"))));
    private final Agent agent =
            fixture.create(AgentConfig.builder("writer").model("test/any").build());

    private LlmSpellException failure() {
        LlmSpellException failed = catchThrowableOfType(LlmSpellException.class, () -> fixture.ask(agent, "hello"));
        assertThat(failed).isNotNull();
        return failed;
    }

    private void breakIt() {
        for (int i = 0; i < 3; i++) {
            assertThat(failure().details()).doesNotContainKey("breaker");
        }
    }

    @Test
    void agentThatFails_isNotRunForAWhileAndThenTried() {
        breakIt();
        LlmSpellException open = failure();
        assertThat(open.code().id()).isEqualTo("agent_failed");
        assertThat(open.details()).containsEntry("breaker", "open").containsEntry("retry_after_ms", 15_000L);
        assertThat(open.text()).contains("agent \"writer\" is not run", "its breaker is open", "in 15000 ms");
        assertThatThrownBy(() -> agent.life().recover(fixture.caller)).hasMessageContaining("its breaker is open");

        broken.set(false);
        time.advance(Duration.ofSeconds(15));
        assertThat(fixture.ask(agent, "hello").get("text")).isEqualTo("fine");
        assertThat(fixture.ask(agent, "hello").get("text")).isEqualTo("fine");
    }

    @Test
    void openBreaker_letsTheAgentBeTerminated() {
        breakIt();
        agent.terminate(fixture.caller);

        assertThat(agent.state()).isEqualTo(AgentState.TERMINATED);
    }

    @Test
    void vetoesAndWrongStates_areNotCounted() {
        broken.set(false);
        fixture.hook("BeforeAgentExecution", context -> HookResult.cancel("no"));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> fixture.ask(agent, "hello")).isInstanceOf(OperationCancelledException.class);
            assertThatThrownBy(() -> agent.life().resume("", fixture.caller)).hasMessageContaining("cannot become");
        }
        assertThat(fixture.hooks.registry().unregisterAll(HookFilter.at(HookPoint.BEFORE_AGENT_EXECUTION)))
                .isEqualTo(1);
        assertThat(fixture.ask(agent, "hello").get("text")).isEqualTo("fine");
    }
}
