package io.llmspell.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.agent.ModelMessage.Role;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.agent.ToolCall;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.testing.tool.ScriptedTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@Timeout(20)
final class LlmAgentTest {
    private static final ToolCall ADD = new ToolCall("c1", "calculator", JsonObject.of("input", "1+1"));

    private static ModelMessage last(ModelRequest request) {
        return request.messages().get(request.messages().size() - 1);
    }

    /** Asks for a tool until it has been answered. */
    private static ScriptedProvider once(ToolCall call) {
        return new ScriptedProvider(request -> Mono.just(
                last(request).role() == Role.TOOL
                        ? ScriptedProvider.said("done: " + last(request).text())
                        : ScriptedProvider.calling(call)));
    }

    private static ScriptedProvider endless(ToolCall call) {
        return new ScriptedProvider(request -> Mono.just(ScriptedProvider.calling(call)));
    }

    @Test
    void run_toolCall_goesRoundTheLoop() {
        ScriptedProvider provider = once(ADD);
        AgentsFixture fixture = new AgentsFixture(provider);
        JsonObject answer = fixture.ask(fixture.create("test/any", "calculator"), "add");
        assertThat(answer.text("text")).startsWith("done: {").contains("\"result\":2");
        assertThat(answer)
                .containsEntry("model", "any")
                .containsEntry("provider", "test")
                .containsEntry("finish_reason", "stop");
        JsonObject usage = (JsonObject) Objects.requireNonNull(answer.get("token_usage"));
        assertThat(usage).containsEntry("input_tokens", 20L).containsEntry("total_tokens", 30L);
        assertThat(answer.get("usage")).isEqualTo(usage);
        JsonObject call = (JsonObject) ((JsonArray) Objects.requireNonNull(answer.get("tool_calls"))).get(0);
        assertThat(Objects.requireNonNull(call))
                .containsEntry("id", "c1")
                .containsEntry("tool", "calculator")
                .containsEntry("arguments", JsonObject.of("input", "1+1"));
        assertThat((JsonObject) Objects.requireNonNull(call.get("result")))
                .containsEntry("success", true)
                .containsEntry("output", 2L);
    }

    @Test
    void run_messages_holdPromptConversationAndToolAnswers() {
        ScriptedProvider provider = once(ADD);
        AgentsFixture fixture = new AgentsFixture(provider);
        Agent agent = fixture.create(AgentConfig.builder("writer")
                .description("Writes well.")
                .model("test/any")
                .tools(List.of("calculator"))
                .build());
        fixture.ask(agent, "first");
        fixture.ask(agent, "second");
        ModelRequest third = provider.asked.get(2);
        assertThat(third.messages().stream().map(ModelMessage::role))
                .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT, Role.USER);
        assertThat(third.messages().get(0).text()).isEqualTo("You are writer, an AI assistant. Writes well.");
        assertThat(third.messages().get(3).toolCallId()).isEqualTo("c1");
        assertThat(third.tools()).hasSize(1);
    }

    @Test
    void run_systemPrompt_replacesDefault() {
        ScriptedProvider provider = new ScriptedProvider(request -> Mono.just(ScriptedProvider.said("ok")));
        AgentsFixture fixture = new AgentsFixture(provider);
        fixture.ask(
                fixture.create(AgentConfig.builder("writer")
                        .model("test/any")
                        .systemPrompt("Be brief.")
                        .build()),
                "hi");
        assertThat(provider.asked.get(0).messages().get(0).text()).isEqualTo("Be brief.");
    }

    @Test
    void run_failed_leavesConversationAsItWas() {
        AtomicInteger calls = new AtomicInteger();
        ScriptedProvider provider = new ScriptedProvider(
                request -> calls.getAndIncrement() == 0 ? Mono.empty() : Mono.just(ScriptedProvider.said("ok")));
        AgentsFixture fixture = new AgentsFixture(provider);
        Agent agent = fixture.create("test/any");
        assertThatThrownBy(() -> fixture.ask(agent, "lost")).isInstanceOf(LlmSpellException.class);
        fixture.ask(agent, "kept");
        assertThat(provider.asked.get(1).messages().stream().map(ModelMessage::text))
                .doesNotContain("lost");
    }

    @Test
    void conversation_long_isTrimmedToWholeExchanges() {
        ScriptedProvider provider = new ScriptedProvider(request -> Mono.just(ScriptedProvider.said("ok")));
        AgentsFixture fixture = new AgentsFixture(provider);
        Agent agent = fixture.create("test/any");
        for (int i = 0; i < 60; i++) {
            fixture.ask(agent, "question " + i);
        }
        List<ModelMessage> messages = provider.asked.get(59).messages();
        assertThat(messages).hasSize(1 + 100 + 1);
        assertThat(messages.get(1)).isEqualTo(ModelMessage.of(Role.USER, "question 9"));
    }

    @Test
    void run_failingTool_isToldToTheModel() {
        AgentsFixture fixture =
                new AgentsFixture(once(new ToolCall("c1", "calculator", JsonObject.of("input", "1/0"))));
        JsonObject answer = fixture.ask(fixture.create("test/any", "calculator"), "add");
        assertThat(answer.text("text")).contains("\"success\":false").contains("tool_failed");
    }

    @Test
    void run_vetoedTool_isToldToTheModel() {
        AgentsFixture fixture = new AgentsFixture(once(ADD));
        fixture.hook("BeforeToolExecution", context -> HookResult.cancel("no sums"));
        JsonObject answer = fixture.ask(fixture.create("test/any", "calculator"), "add");
        assertThat(answer.text("text")).contains("operation_cancelled").contains("no sums");
        assertThat(answer).containsEntry("success", true);
    }

    @Test
    void run_toolNotAllowed_isToldToTheModel() {
        AgentsFixture fixture = new AgentsFixture(once(ADD));
        JsonObject answer = fixture.ask(fixture.create("test/any", "text_manipulator"), "add");
        assertThat(answer.text("text")).contains("permission_denied").contains("text_manipulator");
        assertThat(fixture.bus.types()).doesNotContain("tool.started");
    }

    @Test
    void run_maxIterations_stopsBeforeTheCallBeyond() {
        ScriptedProvider provider = endless(ADD);
        AgentsFixture fixture = new AgentsFixture(provider);
        Agent agent = fixture.create(AgentConfig.builder("writer")
                .model("test/any")
                .tools(List.of("*"))
                .maxIterations(3)
                .build());
        assertThatThrownBy(() -> fixture.ask(agent, "add"))
                .isInstanceOf(LimitException.class)
                .hasMessageContaining("max_iterations = 3");
        assertThat(provider.asked).hasSize(3);
        assertThat(agent.state()).isEqualTo(AgentState.ERROR);
    }

    @Test
    void run_maxToolCalls_stopsBeforeTheCallBeyond() {
        AgentsFixture fixture = new AgentsFixture(endless(ADD));
        Agent agent = fixture.create(AgentConfig.builder("writer")
                .model("test/any")
                .tools(List.of("*"))
                .maxToolCalls(2)
                .build());
        assertThatThrownBy(() -> fixture.ask(agent, "add"))
                .isInstanceOf(LimitException.class)
                .hasMessageContaining("max_tool_calls = 2");
        assertThat(fixture.bus.types().stream().filter("tool.started"::equals)).hasSize(2);
    }

    @Test
    void modelCall_vetoed_failsRunAndLeavesAgentReady() {
        ScriptedProvider provider = endless(ADD);
        AgentsFixture fixture = new AgentsFixture(provider);
        fixture.hook("agent_model_request", context -> HookResult.cancel("too dear"));
        Agent agent = fixture.create("test/any");
        assertThatThrownBy(() -> fixture.ask(agent, "hi")).hasMessageContaining("too dear");
        assertThat(provider.asked).isEmpty();
        assertThat(agent.state()).isEqualTo(AgentState.READY);
    }

    @Test
    void modelCall_modified_changesModelMessagesAndLimit() {
        ScriptedProvider provider = new ScriptedProvider(request -> Mono.just(ScriptedProvider.said("ok")));
        AgentsFixture fixture = new AgentsFixture(provider);
        fixture.hook("agent_model_request", context -> {
            JsonObject request = (JsonObject) Objects.requireNonNull(context.data());
            JsonObject message = JsonObject.of("role", "user", "content", "other");
            return HookResult.modified(request.with("model", "test/large")
                    .with("max_tokens", 7)
                    .with("tools", JsonArray.of(JsonObject.of("name", "calculator")))
                    .with("messages", JsonArray.of(message)));
        });
        JsonObject answer = fixture.ask(fixture.create("offline/echo", "*"), "hi");
        ModelRequest seen = provider.asked.get(0);
        assertThat(seen.model()).isEqualTo("large");
        assertThat(seen.maxTokens()).isEqualTo(7);
        assertThat(seen.tools())
                .singleElement()
                .satisfies(tool -> assertThat(tool.name()).isEqualTo("calculator"));
        assertThat(seen.messages()).containsExactly(ModelMessage.of(Role.USER, "other"));
        assertThat(answer).containsEntry("model", "large").containsEntry("provider", "test");
    }

    @Test
    void modelCall_replacedAndChangedAnswer_reachTheAgent() {
        AgentsFixture fixture = new AgentsFixture();
        fixture.hook("agent_model_request", context -> HookResult.replace("canned"));
        fixture.hook("agent_model_response", context -> HookResult.proceed());
        assertThat(fixture.ask(fixture.create("offline/echo"), "hi").text("text"))
                .isEqualTo("canned");

        AgentsFixture changing = new AgentsFixture();
        changing.hook(
                "agent_model_response",
                context -> HookResult.modified(
                        ((JsonObject) Objects.requireNonNull(context.data())).with("text", "milder")));
        assertThat(changing.ask(changing.create("offline/echo"), "hi").text("text"))
                .isEqualTo("milder");
    }

    @Test
    void run_calls_carryRunPrincipalAndParents() {
        AgentsFixture fixture = new AgentsFixture(once(ADD));
        List<String> seen = new ArrayList<>();
        for (String point : List.of("BeforeAgentExecution", "agent_model_request", "BeforeToolExecution")) {
            fixture.hook(point, context -> {
                seen.add(context.caller().correlation() + " "
                        + context.operation().id() + " "
                        + context.snapshot().parentOperation() + " "
                        + context.snapshot().principal());
                return HookResult.proceed();
            });
        }
        Agent agent = fixture.create("test/any", "calculator");
        fixture.ask(agent, "add");
        String runId = seen.get(0).split(" ", -1)[1];
        String self = "agent:" + agent.component().id();
        assertThat(seen.get(0)).startsWith("run-1 ").endsWith(" null host");
        assertThat(seen.subList(1, 4))
                .allSatisfy(line -> assertThat(line).startsWith("run-1 ").endsWith(runId + " " + self));
    }

    @Test
    void run_cancelledBetweenSteps_stops() {
        CancellationSource stop = new CancellationSource();
        ScriptedProvider provider = new ScriptedProvider(request -> {
            stop.cancel();
            return Mono.just(ScriptedProvider.calling(ADD));
        });
        AgentsFixture fixture = new AgentsFixture(provider);
        Agent agent = fixture.create("test/any", "calculator");
        Caller caller = fixture.caller.limited(stop, fixture.caller.deadlineNanos());
        assertThatThrownBy(() -> agent.run(JsonObject.of("text", "x"), caller)).isInstanceOf(CancelledException.class);
        assertThat(fixture.bus.types()).doesNotContain("tool.started");
        assertThat(agent.state()).isEqualTo(AgentState.READY);
    }

    @Test
    void run_cancelledDuringModelCall_endsTheCall() {
        CancellationSource stop = new CancellationSource();
        CountDownLatch ended = new CountDownLatch(1);
        Mono<ModelResponse> never = Mono.<ModelResponse>never()
                .doOnSubscribe(subscription -> stop.cancel())
                .doOnCancel(ended::countDown);
        AgentsFixture fixture = new AgentsFixture(new ScriptedProvider(request -> never));
        Agent agent = fixture.create("test/any");
        Caller caller = fixture.caller.limited(stop, fixture.caller.deadlineNanos());
        assertThatThrownBy(() -> agent.run(JsonObject.of("text", "x"), caller)).isInstanceOf(CancelledException.class);
        assertThat(ended.getCount()).isZero();
    }

    @Test
    void run_fromWithinItself_isRefusedInsteadOfWaiting() {
        AgentsFixture fixture = new AgentsFixture(once(new ToolCall("c1", "ask", JsonObject.empty())));
        fixture.tools
                .registry()
                .register(new ScriptedTool(
                        "ask", (parameters, run) -> writer(fixture).run(JsonObject.of("text", "again"), run.caller())));
        JsonObject answer = fixture.ask(fixture.create("test/any", "ask"), "hi");
        assertThat(answer.text("text")).contains("invalid_state").contains("wait for itself");
    }

    private static Agent writer(AgentsFixture fixture) {
        return fixture.agents.registry().find("writer").orElseThrow();
    }

    @Test
    void terminate_fromWithinRun_cancelsTheRun() {
        AgentsFixture fixture = new AgentsFixture(once(new ToolCall("c1", "end", JsonObject.empty())));
        fixture.tools.registry().register(new ScriptedTool("end", (parameters, run) -> {
            writer(fixture).terminate(run.caller());
            return JsonObject.empty();
        }));
        Agent agent = fixture.create("test/any", "end");
        assertThatThrownBy(() -> fixture.ask(agent, "hi")).isInstanceOf(CancelledException.class);
        assertThat(agent.state()).isEqualTo(AgentState.TERMINATED);
        assertThat(fixture.agents.registry().list()).isEmpty();
    }

    @Test
    void runs_ofOneAgent_takeTurns() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch allAsk = new CountDownLatch(1);
        AgentsFixture fixture = new AgentsFixture(new ScriptedProvider(request -> Mono.fromCallable(() -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            allAsk.await();
            inside.decrementAndGet();
            return ScriptedProvider.said("ok");
        })));
        Agent agent = fixture.create("test/any");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(new Thread(() -> fixture.ask(agent, "hi")));
        }
        threads.forEach(Thread::start);
        await().until(() -> count(fixture, "agent.run.started") == 8);
        allAsk.countDown();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        }
        assertThat(most.get()).isEqualTo(1);
        assertThat(count(fixture, "agent.run.completed")).isEqualTo(8);
    }

    private static long count(AgentsFixture fixture, String type) {
        return fixture.bus.types().stream().filter(type::equals).count();
    }

    @Test
    void run_cancelledWhileWaiting_passesItsTurnOn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AgentsFixture fixture = new AgentsFixture(new ScriptedProvider(request -> Mono.fromCallable(() -> {
            begun.countDown();
            release.await();
            return ScriptedProvider.said("ok");
        })));
        Agent agent = fixture.create("test/any");
        Thread first = new Thread(() -> fixture.ask(agent, "first"));
        first.start();
        begun.await();
        CancellationSource stop = new CancellationSource();
        stop.cancel();
        Caller stopped = fixture.caller.limited(stop, fixture.caller.deadlineNanos());
        assertThatThrownBy(() -> agent.run(JsonObject.of("text", "second"), stopped))
                .isInstanceOf(CancelledException.class);
        release.countDown();
        assertThat(fixture.ask(agent, "third").text("text")).isEqualTo("ok");
        first.join();
    }

    @Test
    void runAsync_givesAnswerOrError() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create("offline/echo");
        StepVerifier.create(agent.runAsync(JsonObject.of("text", "hi"), fixture.caller))
                .assertNext(answer -> assertThat(answer.text("text")).isEqualTo("(offline/echo) hi"))
                .verifyComplete();
        StepVerifier.create(agent.runAsync(JsonObject.empty(), fixture.caller))
                .verifyErrorSatisfies(error -> assertThat(error).isInstanceOf(LlmSpellException.class));
    }
}
