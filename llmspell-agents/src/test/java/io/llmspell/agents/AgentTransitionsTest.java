package io.llmspell.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentLifecycle;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.agent.AgentTransition;
import io.llmspell.core.agent.ToolCall;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import io.llmspell.testing.time.ManualTime;
import io.llmspell.testing.tool.ScriptedTool;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@Timeout(30)
final class AgentTransitionsTest {
    private static final String[] POINTS = {
        "agent_paused",
        "agent_resumed",
        "BeforeAgentExecution",
        "AfterAgentExecution",
        "AgentError",
        "agent_recovering",
        "agent_recovered",
        "BeforeAgentShutdown",
        "AfterAgentShutdown"
    };

    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        others.shutdownNow();
    }

    private static AgentConfig basic(String name) {
        return AgentConfig.builder(name).type("basic").build();
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String... named) {
        assertThatThrownBy(call).isInstanceOfSatisfying(LlmSpellException.class, error -> {
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.getMessage()).contains(List.of(named));
        });
    }

    private static List<String> steps(Agent agent) {
        return agent.life().history().stream()
                .map(step -> step.from().id() + ">" + step.to().id() + " " + step.trigger())
                .toList();
    }

    private <T> CompletableFuture<T> elsewhere(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, others);
    }

    @Test
    void pauseAndResume_readyAgent_passTheirPoints() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        fixture.trace(agent, POINTS);
        agent.life().pause("lunch", fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.PAUSED);
        agent.life().resume("", fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThat(fixture.points).containsExactly("agent_paused ready", "agent_resumed paused");
    }

    @Test
    void pause_hook_seesReasonAndKeys() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        fixture.hook("agent_paused", context -> {
            fixture.points.add(context.data() + " " + context.metadata().get("from_state") + ">"
                    + context.metadata().get("to_state") + " "
                    + context.metadata().get("trigger") + " "
                    + context.component().name());
            return HookResult.proceed();
        });
        agent.life().pause("lunch", fixture.caller);
        assertThat(fixture.points).containsExactly("{reason=lunch} ready>paused pause hello");
        AgentTransition last = agent.life().history().get(agent.life().history().size() - 1);
        assertThat(last.reason()).isEqualTo("lunch");
        assertThat(((JsonObject) Objects.requireNonNull(fixture.bus
                                .published()
                                .get(fixture.bus.published().size() - 1)
                                .draft()
                                .payload()))
                        .text("reason"))
                .isEqualTo("lunch");
    }

    @Test
    void startedAgent_runsPauseAndStop_passTheTable() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        fixture.trace(agent, POINTS);
        agent.life().start(fixture.caller);
        fixture.ask(agent, "hi");
        assertThat(agent.state()).isEqualTo(AgentState.RUNNING);
        agent.life().pause("", fixture.caller);
        agent.life().resume("", fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.RUNNING);
        agent.life().stop("", fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThat(fixture.points)
                .containsExactly(
                        "BeforeAgentExecution ready",
                        "BeforeAgentExecution running",
                        "AfterAgentExecution running",
                        "agent_paused running",
                        "AfterAgentExecution running",
                        "agent_resumed paused",
                        "BeforeAgentExecution paused",
                        "AfterAgentExecution running");
    }

    @Test
    void stop_pausedAgent_isReady() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        agent.life().start(fixture.caller);
        agent.life().pause("", fixture.caller);
        agent.life().stop("", fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
    }

    @Test
    void veto_atPause_keepsTheOldState() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        fixture.hook("agent_paused", context -> HookResult.cancel("not now"));
        assertThatThrownBy(() -> agent.life().pause("", fixture.caller))
                .isInstanceOf(OperationCancelledException.class)
                .hasMessageContaining("not now");
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThat(fixture.ask(agent, "hi")).containsEntry("success", true);
    }

    @Test
    void wrongTransitions_nameAgentAndStates() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        refused(() -> agent.life().resume("", fixture.caller), ErrorCode.INVALID_TRANSITION, "hello", "ready");
        refused(() -> agent.life().stop("", fixture.caller), ErrorCode.INVALID_TRANSITION, "hello");
        refused(() -> agent.life().recover(fixture.caller), ErrorCode.INVALID_TRANSITION, "recovering");
        refused(() -> agent.life().initialize(fixture.caller), ErrorCode.INVALID_TRANSITION, "initializing");
        agent.life().pause("", fixture.caller);
        refused(() -> agent.life().pause("", fixture.caller), ErrorCode.INVALID_TRANSITION, "paused");
        refused(() -> agent.life().start(fixture.caller), ErrorCode.INVALID_TRANSITION, "paused");
        refused(() -> fixture.ask(agent, "hi"), ErrorCode.INVALID_TRANSITION, "resume or stop it first");
        agent.terminate(fixture.caller);
        refused(() -> agent.life().fail("x", fixture.caller), ErrorCode.INVALID_TRANSITION, "final");
    }

    /** A provider whose first answer waits for the test and then asks for a tool. */
    private static final class Halting {
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final AtomicInteger calls = new AtomicInteger();

        ScriptedProvider provider() {
            return new ScriptedProvider(request -> Mono.fromCallable(() -> {
                        if (calls.incrementAndGet() > 1) {
                            return ScriptedProvider.said("done");
                        }
                        asked.countDown();
                        goOn.await();
                        return ScriptedProvider.calling(new ToolCall("c1", "calculator", JsonObject.of("input", "1")));
                    })
                    .subscribeOn(Schedulers.boundedElastic()));
        }
    }

    /** The run knows by now that somebody wants it to halt. */
    private static boolean isWished(Agent agent) {
        AgentRun run = ((AgentImpl) agent).active();
        return run != null && run.isWished();
    }

    @Test
    void pause_runInProgress_haltsAtTheNextSafePointAndGoesOn() throws Exception {
        Halting model = new Halting();
        AgentsFixture fixture = new AgentsFixture(model.provider());
        Agent agent = fixture.create("test/any", "calculator");
        CompletableFuture<JsonObject> run = elsewhere(() -> fixture.ask(agent, "hi"));
        model.asked.await();
        CompletableFuture<Boolean> pause = elsewhere(() -> {
            agent.life().pause("wait", fixture.caller);
            return true;
        });
        await().until(() -> isWished(agent));
        assertThat(agent.state()).isEqualTo(AgentState.RUNNING);
        model.goOn.countDown();
        assertThat(pause.get()).isTrue();
        assertThat(agent.state()).isEqualTo(AgentState.PAUSED);
        assertThat(model.calls.get()).isEqualTo(1);
        assertThat(run.isDone()).isFalse();
        agent.life().resume("", fixture.caller);
        assertThat(run.get().text("text")).isEqualTo("done");
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThat(steps(agent))
                .endsWith("ready>running run", "running>paused pause", "paused>running resume", "running>ready run");
    }

    @Test
    void pause_vetoedInTheRun_isToldAndTheRunGoesOn() throws Exception {
        Halting model = new Halting();
        AgentsFixture fixture = new AgentsFixture(model.provider());
        Agent agent = fixture.create("test/any", "calculator");
        fixture.hook("agent_paused", context -> HookResult.cancel("busy"));
        CompletableFuture<JsonObject> run = elsewhere(() -> fixture.ask(agent, "hi"));
        model.asked.await();
        CompletableFuture<Boolean> pause = elsewhere(() -> {
            agent.life().pause("", fixture.caller);
            return true;
        });
        await().until(() -> isWished(agent));
        model.goOn.countDown();
        assertThat(run.get().text("text")).isEqualTo("done");
        assertThatThrownBy(pause::get).hasCauseInstanceOf(OperationCancelledException.class);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
    }

    @Test
    void pause_fromWithinTheRun_haltsItAtThatPlace() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AgentsFixture fixture = new AgentsFixture(new ScriptedProvider(request -> Mono.just(
                calls.getAndIncrement() == 0
                        ? ScriptedProvider.calling(new ToolCall("c1", "wait", JsonObject.empty()))
                        : ScriptedProvider.said("done"))));
        fixture.tools.registry().register(new ScriptedTool("wait", (parameters, run) -> {
            fixture.agents.registry().list().get(0).life().pause("asked by tool", run.caller());
            return JsonObject.of(
                    "paused", fixture.agents.registry().list().get(0).state().id());
        }));
        Agent agent = fixture.create("test/any", "wait");
        CompletableFuture<JsonObject> run = elsewhere(() -> fixture.ask(agent, "hi"));
        await().until(() -> agent.state() == AgentState.PAUSED);
        agent.life().resume("", fixture.caller);
        assertThat(run.get().text("text")).isEqualTo("done");
    }

    @Test
    void stop_runInProgress_cancelsIt() throws Exception {
        Halting model = new Halting();
        AgentsFixture fixture = new AgentsFixture(model.provider());
        Agent agent = fixture.create("test/any", "calculator");
        CompletableFuture<JsonObject> run = elsewhere(() -> fixture.ask(agent, "hi"));
        model.asked.await();
        agent.life().stop("enough", fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThatThrownBy(run::get).hasCauseInstanceOf(CancelledException.class);
        assertThat(fixture.bus.types()).contains("agent.run.failed").doesNotContain("agent.run.completed");
    }

    @Test
    void stop_haltedRun_endsIt() throws Exception {
        Halting model = new Halting();
        AgentsFixture fixture = new AgentsFixture(model.provider());
        Agent agent = fixture.create("test/any", "calculator");
        CompletableFuture<JsonObject> run = elsewhere(() -> fixture.ask(agent, "hi"));
        model.asked.await();
        CompletableFuture<Boolean> pause = elsewhere(() -> {
            agent.life().pause("", fixture.caller);
            return true;
        });
        await().until(() -> isWished(agent));
        model.goOn.countDown();
        pause.get();
        agent.life().stop("", fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThatThrownBy(run::get).hasCauseInstanceOf(CancelledException.class);
    }

    @Test
    void terminate_runInProgress_cancelsItAndEnds() throws Exception {
        Halting model = new Halting();
        AgentsFixture fixture = new AgentsFixture(model.provider());
        Agent agent = fixture.create("test/any", "calculator");
        fixture.trace(agent, "BeforeAgentShutdown", "AfterAgentShutdown");
        CompletableFuture<JsonObject> run = elsewhere(() -> fixture.ask(agent, "hi"));
        model.asked.await();
        agent.terminate(fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.TERMINATED);
        assertThatThrownBy(run::get).hasCauseInstanceOf(CancelledException.class);
        assertThat(fixture.points).containsExactly("BeforeAgentShutdown running", "AfterAgentShutdown terminating");
        assertThat(steps(agent)).endsWith("running>terminating stop", "terminating>terminated stop");
    }

    @Test
    void fail_givesNoticeAndIsMendedByRecover() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        fixture.trace(agent, POINTS);
        fixture.hooks.registry().register(HookPoint.AGENT_ERROR, "sees", context -> {
            fixture.points.add(context.operation().errorStage() + " "
                    + Objects.requireNonNull(context.operation().error()).code());
            return HookResult.replace("no rescue from a notice");
        });
        agent.life().fail("disk full", fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.ERROR);
        assertThat(agent.life().lastError().orElseThrow()).hasMessageContaining("disk full");
        agent.life().recover(fixture.caller);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThat(fixture.points)
                .containsExactly(
                        "transition agent_failed",
                        "AgentError ready",
                        "agent_recovering error",
                        "agent_recovered recovering");
    }

    @Test
    void recovery_vetoedAtItsEnd_isErrorAgain() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        agent.life().fail("x", fixture.caller);
        fixture.hook("agent_recovered", context -> HookResult.cancel("not well"));
        assertThatThrownBy(() -> agent.life().recover(fixture.caller)).isInstanceOf(OperationCancelledException.class);
        assertThat(agent.state()).isEqualTo(AgentState.ERROR);
        assertThat(steps(agent)).endsWith("error>recovering resume", "recovering>error resume");
    }

    @Test
    void recovery_notAutomatic_needsRecover() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(AgentConfig.builder("hello")
                .type("basic")
                .lifecycle(AgentLifecycle.BASIC.withRecovery(1, false))
                .build());
        agent.life().fail("x", fixture.caller);
        refused(() -> fixture.ask(agent, "hi"), ErrorCode.INVALID_TRANSITION, "error");
        agent.life().recover(fixture.caller);
        agent.life().fail("x", fixture.caller);
        refused(() -> agent.life().recover(fixture.caller), ErrorCode.LIMIT_EXCEEDED, "max_recovery_attempts");
        assertThat(fixture.bus.types()).contains("resource.limit.exceeded");
    }

    @Test
    void registeredAgent_isBuiltByItsFirstRun() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.agents.registry().register(basic("later"));
        fixture.trace(agent, "BeforeAgentInit", "AfterAgentInit", "BeforeAgentExecution");
        assertThat(agent.state()).isEqualTo(AgentState.UNINITIALIZED);
        assertThat(fixture.agents.registry().find("later")).containsSame(agent);
        assertThat(fixture.ask(agent, "hi")).containsEntry("success", true);
        assertThat(fixture.points)
                .containsExactly(
                        "BeforeAgentInit uninitialized", "AfterAgentInit initializing", "BeforeAgentExecution ready");
    }

    @Test
    void registeredAgent_neverBuilt_isForgotten() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.agents.registry().register(basic("later"));
        refused(() -> agent.terminate(fixture.caller), ErrorCode.INVALID_TRANSITION, "uninitialized");
        refused(() -> fixture.agents.registry().register(basic("later")), ErrorCode.AGENT_EXISTS, "later");
        assertThat(fixture.agents.registry().forget("later")).isTrue();
        assertThat(fixture.agents.registry().forget("later")).isFalse();
        Agent built = fixture.create(basic("later"));
        assertThat(fixture.agents.registry().forget("later")).isFalse();
        assertThat(built.state()).isEqualTo(AgentState.READY);
    }

    @Test
    void initialization_failed_isErrorThatRecoveryMends() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.agents.registry().register(basic("later"));
        fixture.hook("AfterAgentInit", context -> HookResult.cancel("wrong"));
        assertThatThrownBy(() -> agent.life().initialize(fixture.caller))
                .isInstanceOf(OperationCancelledException.class);
        assertThat(agent.state()).isEqualTo(AgentState.ERROR);
        agent.life().recover(fixture.caller);
        assertThat(fixture.ask(agent, "hi")).containsEntry("success", true);
    }

    @Test
    void terminate_agentThatWasNeverBuilt_passesOnlyItsEnd() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.agents.registry().register(basic("later"));
        agent.life().fail("x", fixture.caller);
        fixture.trace(agent, "BeforeAgentShutdown", "AfterAgentShutdown");
        agent.terminate(fixture.caller);
        assertThat(fixture.points).containsExactly("AfterAgentShutdown error");
        assertThat(agent.state()).isEqualTo(AgentState.TERMINATED);
    }

    @Test
    void transition_askedForWithinAnother_isRefused() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        fixture.hook("agent_paused", context -> {
            refused(() -> agent.terminate(context.caller()), ErrorCode.INVALID_STATE, "within another");
            fixture.points.add("asked");
            return HookResult.proceed();
        });
        agent.life().pause("", fixture.caller);
        assertThat(fixture.points).containsExactly("asked");
        assertThat(agent.state()).isEqualTo(AgentState.PAUSED);
    }

    @Test
    void transitions_ofTwoThreads_comeOneAfterTheOther() throws Exception {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        CountDownLatch inHook = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.hook("agent_paused", context -> {
            inHook.countDown();
            goOn.await();
            return HookResult.proceed();
        });
        CompletableFuture<Boolean> pause = elsewhere(() -> {
            agent.life().pause("", fixture.caller);
            return true;
        });
        inHook.await();
        CompletableFuture<Boolean> stop = elsewhere(() -> {
            agent.life().stop("", fixture.caller);
            return true;
        });
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        goOn.countDown();
        assertThat(pause.get() && stop.get()).isTrue();
        assertThat(steps(agent)).endsWith("ready>paused pause", "paused>ready stop");
    }

    @Test
    void cancelTransition_inProgress_keepsTheOldState() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        assertThat(agent.life().cancelTransition()).isFalse();
        fixture.hook("agent_paused", context -> {
            assertThat(agent.life().cancelTransition()).isTrue();
            return HookResult.proceed();
        });
        assertThatThrownBy(() -> agent.life().pause("", fixture.caller)).isInstanceOf(CancelledException.class);
        assertThat(agent.state()).isEqualTo(AgentState.READY);
    }

    @Test
    void transition_tooSlow_isTimeoutNamingTheLimit() {
        ManualTime time = new ManualTime();
        AgentsFixture fixture = new AgentsFixture(time);
        Agent agent = fixture.create(basic("hello"));
        fixture.hook("agent_paused", context -> {
            time.advance(Duration.ofSeconds(6));
            return HookResult.proceed();
        });
        refused(() -> agent.life().pause("", fixture.caller), ErrorCode.TIMEOUT, "hello", "5000 ms");
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThat(time.timers()).isZero();
    }

    @Test
    void history_manyTransitions_keepsTheNewest() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(basic("hello"));
        for (int i = 0; i < 60; i++) {
            agent.life().pause(String.valueOf(i), fixture.caller);
            agent.life().resume("", fixture.caller);
        }
        assertThat(agent.life().history()).hasSize(100);
        assertThat(agent.life().history().get(98).reason()).isEqualTo("59");
    }

    @Test
    void run_repeatedByHook_runsTheAgentAgain() {
        AtomicInteger calls = new AtomicInteger();
        AgentsFixture fixture = new AgentsFixture(new ScriptedProvider(request -> calls.getAndIncrement() == 0
                ? Mono.error(new java.io.IOException("down"))
                : Mono.just(ScriptedProvider.said("up"))));
        Agent agent = fixture.create("test/any");
        fixture.hook("AgentError", context -> HookResult.retry(Duration.ZERO, 2));
        assertThat(fixture.ask(agent, "hi").text("text")).isEqualTo("up");
        assertThat(agent.state()).isEqualTo(AgentState.READY);
        assertThat(steps(agent)).endsWith("ready>running run", "running>ready run");
    }

    @Test
    void toolCallLimit_reached_isNotice() {
        AgentsFixture fixture = new AgentsFixture(new ScriptedProvider(request ->
                Mono.just(ScriptedProvider.calling(new ToolCall("c", "calculator", JsonObject.of("input", "1"))))));
        Agent agent = fixture.create(AgentConfig.builder("writer")
                .model("test/any")
                .tools(List.of("calculator"))
                .maxToolCalls(1)
                .build());
        fixture.hook("ResourceLimitExceeded", context -> {
            fixture.points.add(context.component().name() + " " + context.data());
            return HookResult.proceed();
        });
        fixture.hooks.registry().register(HookPoint.AGENT_ERROR, "stage", context -> {
            fixture.points.add(String.valueOf(context.operation().errorStage()));
            return HookResult.proceed();
        });
        refused(() -> fixture.ask(agent, "hi"), ErrorCode.LIMIT_EXCEEDED, "max_tool_calls");
        assertThat(fixture.points).containsExactly("writer {resource=max_tool_calls, limit=1, used=2}", "tool");
    }
}
