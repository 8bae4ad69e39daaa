package io.llmspell.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.agent.ToolCall;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.Schemas;
import io.llmspell.state.agent.AgentStores;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.testing.event.RecordingEventBus;
import io.llmspell.testing.time.ManualTime;
import io.llmspell.tools.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

@Timeout(60)
final class AgentMemoryTest {
    private final ManualTime time = new ManualTime();
    private final Hooks hooks = Hooks.builder().time(time).build();
    private final RecordingEventBus bus = new RecordingEventBus();
    private final Caller caller = Caller.host(new CorrelationId("run-1"));
    private final StorageBackend backend = MemoryStorage.create(Set.of(Space.AGENTS));
    private final Flaky store = new Flaky(AgentStores.builder()
            .storage(backend)
            .codec(RecordCodecs.create(JsonCodec.create()))
            .gate(hooks.gate())
            .time(time)
            .build());
    private final List<Agents> made = new ArrayList<>();

    /** A store that fails as often as it is told to. */
    private static final class Flaky implements AgentStore {
        private final AgentStore real;
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger saves = new AtomicInteger();
        private volatile ErrorCode code = ErrorCode.STORE_UNAVAILABLE;
        private volatile Runnable afterLoad = () -> {};

        Flaky(AgentStore real) {
            this.real = real;
        }

        @Override
        public long save(Component agent, Supplier<AgentRecord> present, Caller caller) {
            saves.incrementAndGet();
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new StorageException(code, "the store is out for lunch");
            }
            return real.save(agent, present, caller);
        }

        @Override
        public Optional<AgentRecord> load(Component agent, Caller caller) {
            Optional<AgentRecord> loaded = real.load(agent, caller);
            afterLoad.run();
            return loaded;
        }

        @Override
        public boolean delete(Component agent, Caller caller) {
            return real.delete(agent, caller);
        }

        @Override
        public List<String> names(Caller caller) {
            return real.names(caller);
        }
    }

    @AfterEach
    void close() {
        made.forEach(Agents::close);
        backend.close();
        hooks.close();
    }

    private Agents agents(AgentPersistence settings) {
        Tools tools = Tools.builder()
                .gate(hooks.gate())
                .events(bus)
                .schemas(Schemas.compiler())
                .time(time)
                .build();
        Agents agents = Agents.builder()
                .gate(hooks.gate())
                .events(bus)
                .tools(tools.registry(), tools.executor())
                .time(time)
                .store(store)
                .persistence(settings)
                .providers(List.of(new OfflineProvider(), new ScriptedProvider(request -> Mono.just(answer(request)))))
                .build();
        made.add(agents);
        return agents;
    }

    /** Asks for two tools, one of which it invents, and then answers. */
    private static ModelResponse answer(ModelRequest request) {
        return request.messages().size() > 2
                ? new ModelResponse("two", List.of(), new TokenUsage(7, 1), "stop")
                : new ModelResponse(
                        "",
                        List.of(
                                new ToolCall("1", "calculator", JsonObject.of("input", "1 + 1")),
                                new ToolCall("2", "invented", JsonObject.empty())),
                        new TokenUsage(5, 2),
                        "tool_calls");
    }

    private Agent basic(AgentPersistence settings) {
        return create(agents(settings));
    }

    private Agent create(Agents agents) {
        return agents.registry()
                .create(AgentConfig.builder("writer").type("basic").build(), caller);
    }

    private void ask(Agent agent, String text) {
        agent.run(JsonObject.of("text", text), caller);
    }

    private Optional<AgentRecord> kept() {
        return store.load(Component.named(io.llmspell.core.identity.ComponentType.AGENT, "writer"), caller);
    }

    private int keptMessages() {
        return kept().map(record -> record.conversation().size()).orElse(-1);
    }

    private List<String> events(String type) {
        return bus.types().stream().filter(type::equals).toList();
    }

    @Test
    void saveAndLoad_inAnotherRuntime_bringBackWhatWasSaid() {
        Agent first = basic(AgentPersistence.TESTING);
        first.memory().setVariable("topic", "tides");
        ask(first, "hello");
        first.memory().save(caller);

        Agent second = basic(AgentPersistence.TESTING);
        assertThat(second.memory().load(caller)).isTrue();
        AgentRecord record = second.memory().snapshot();
        assertThat(record.conversation())
                .extracting(message -> message.text("content"))
                .containsExactly("hello", "BasicAgent 'writer' received: hello");
        assertThat(record.map("context_variables")).containsEntry("topic", "tides");
        assertThat(record.createdAt()).isEqualTo(first.memory().snapshot().createdAt());
        assertThat(record.members().text("execution_state")).isEqualTo("idle");
        second.memory().setVariable("topic", null);
        assertThat(second.memory().variables()).isEmpty();
    }

    @Test
    void run_withTools_countsCallsAndTokens() {
        Agent agent = agents(AgentPersistence.TESTING)
                .registry()
                .create(
                        AgentConfig.builder("writer")
                                .model("test/any")
                                .tools(List.of("calculator"))
                                .build(),
                        caller);
        ask(agent, "count");
        agent.memory().save(caller);
        AgentRecord record = kept().orElseThrow();
        assertThat(record.map("usage")).containsEntry("input_tokens", 12L).containsEntry("output_tokens", 3L);
        assertThat(record.map("tool_usage"))
                .isEqualTo(JsonObject.of(
                        "total", 2,
                        "succeeded", 1,
                        "failed", 1,
                        "by_tool",
                                JsonObject.of("calculator", JsonObject.of("total", 1, "succeeded", 1, "failed", 0))));
        assertThat(record.conversation()).hasSize(5);
        assertThat(agent.memory().load(caller)).isTrue();
        assertThat(agent.memory().snapshot().map("tool_usage")).isEqualTo(record.map("tool_usage"));
        assertThat(agent.memory().snapshot().conversation()).isEqualTo(record.conversation());
    }

    @Test
    void stop_returnsWhenAllIsSaved() {
        Agent agent = basic(AgentPersistence.MINIMAL);
        agent.life().start(caller);
        ask(agent, "one");
        agent.life().pause("", caller);
        assertThat(keptMessages()).as("minimal does not save on pause").isEqualTo(-1);
        agent.life().stop("", caller);
        assertThat(keptMessages()).isEqualTo(2);
        agent.life().start(caller);
        agent.life().stop("", caller);
        assertThat(store.saves).as("nothing new, nothing to save").hasValue(1);
    }

    @Test
    void stop_thatCannotSave_tellsSo() {
        Agent agent = basic(AgentPersistence.TESTING);
        agent.life().start(caller);
        ask(agent, "one");
        store.failures.set(1);
        assertThatThrownBy(() -> agent.life().stop("", caller))
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        assertThat(agent.state().id()).isEqualTo("ready");
        assertThat(events("agent.state.save_failed")).hasSize(1);
    }

    @Test
    void stop_whoseSaveAHookRefuses_stopsAllTheSame() {
        Agent agent = basic(AgentPersistence.TESTING);
        hooks.registry().register(new HookPoint("agent_state_save"), "no", context -> HookResult.cancel("no"));
        agent.life().start(caller);
        ask(agent, "one");
        agent.life().stop("", caller);
        assertThat(keptMessages()).isEqualTo(-1);
        assertThat(events("agent.state.save_failed")).hasSize(1);
    }

    @Test
    void pause_savesAndResumeRestores() {
        Agent agent = basic(AgentPersistence.TESTING);
        ask(agent, "one");
        agent.life().pause("", caller);
        assertThat(keptMessages()).isEqualTo(2);
        List<String> points = new CopyOnWriteArrayList<>();
        hooks.registry().register(new HookPoint("agent_state_load"), "adds", context -> {
            points.add("load");
            JsonObject record = (JsonObject) Objects.requireNonNull(context.data());
            return HookResult.modified(record.with("custom_data", JsonObject.of("seen", true)));
        });
        agent.life().resume("", caller);
        assertThat(points).hasSize(1);
        assertThat(agent.memory().snapshot().map("custom_data")).containsEntry("seen", true);
    }

    /** What was never saved, or has changed since, is the later form; a resume must not go back to the earlier one. */
    @Test
    void resume_withNewerMemory_keepsIt() {
        Agent agent = basic(AgentPersistence.TESTING);
        ask(agent, "one");
        agent.life().pause("", caller);
        agent.memory().setVariable("later", true);
        agent.life().resume("", caller);
        assertThat(agent.memory().variables()).containsEntry("later", true);
    }

    @Test
    void load_withoutRecord_changesNothing() {
        Agent agent = basic(AgentPersistence.TESTING);
        ask(agent, "one");
        assertThat(agent.memory().load(caller)).isFalse();
        assertThat(agent.memory().snapshot().conversation()).hasSize(2);
        assertThat(agent.memory().delete(caller)).isFalse();
    }

    @Test
    void saveAndLoad_withoutStore_sayWhatIsMissing() {
        AgentsFixture fixture = new AgentsFixture();
        Agent agent = fixture.create(AgentConfig.builder("hello").type("basic").build());
        for (Runnable each : List.<Runnable>of(
                () -> agent.memory().save(caller),
                () -> agent.memory().load(caller),
                () -> agent.memory().delete(caller),
                () -> fixture.agents.records())) {
            assertThatThrownBy(each::run).isInstanceOf(LlmSpellException.class).hasMessageContaining("store");
        }
        fixture.ask(agent, "hi");
        agent.life().start(caller);
        agent.life().stop("", caller);
    }

    @Test
    void save_thatTheStoreCannotTake_isRepeatedWithGrowingWaits() throws Exception {
        AgentPersistence.Retries retries = new AgentPersistence.Retries(3, Duration.ofMillis(100), 2);
        AgentPersistence settings = new AgentPersistence(
                null, true, true, true, retries, new AgentPersistence.Breaker(3, Duration.ofSeconds(30)));
        Agent agent = basic(settings);
        ask(agent, "one");
        store.failures.set(3);
        int others = time.timers();
        Thread saving = new Thread(() -> agent.memory().save(caller));
        saving.start();
        for (long wait : new long[] {100, 200, 400}) {
            Awaitility.await().until(() -> time.timers() > others);
            int before = store.saves.get();
            time.advance(Duration.ofMillis(wait - 1));
            assertThat(store.saves).hasValue(before);
            time.advance(Duration.ofMillis(1));
            Awaitility.await().until(() -> store.saves.get() == before + 1);
        }
        saving.join(10_000);
        assertThat(keptMessages()).isEqualTo(2);
        assertThat(events("agent.state.save_failed")).isEmpty();
    }

    @Test
    void save_ofWhatCannotBeSaved_isNotRepeated() {
        Agent agent = basic(AgentPersistence.PRODUCTION);
        store.code = ErrorCode.STORE_CLOSED;
        store.failures.set(1);
        assertThatThrownBy(() -> agent.memory().save(caller)).isInstanceOf(StorageException.class);
        assertThat(store.saves).hasValue(1);
    }

    @Test
    void autoSave_atItsInterval_savesWhatHasChanged() {
        Agent agent = basic(AgentPersistence.DEVELOPMENT);
        time.advance(Duration.ofSeconds(30));
        ask(agent, "one");
        time.advance(Duration.ofSeconds(29));
        assertThat(keptMessages()).isEqualTo(-1);
        time.advance(Duration.ofSeconds(1));
        Awaitility.await().until(() -> keptMessages() == 2);
        time.advance(Duration.ofSeconds(60));
        assertThat(store.saves).hasValue(1);
    }

    @Test
    void autoSave_thatFailsTooOften_isGivenUpForAWhile() {
        AgentPersistence settings = new AgentPersistence(
                Duration.ofSeconds(1),
                true,
                true,
                true,
                new AgentPersistence.Retries(0, Duration.ofMillis(1), 1),
                new AgentPersistence.Breaker(2, Duration.ofSeconds(10)));
        Agent agent = basic(settings);
        ask(agent, "one");
        store.failures.set(1_000);
        for (int failed = 1; failed <= 2; failed++) {
            int now = failed;
            Awaitility.await().until(() -> ((AgentImpl) agent).saver().isDue());
            time.advance(Duration.ofSeconds(1));
            Awaitility.await().until(() -> events("agent.state.save_failed").size() == now);
        }
        time.advance(Duration.ofSeconds(9));
        assertThat(store.saves).hasValue(2);
        store.failures.set(0);
        Awaitility.await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return keptMessages() == 2;
        });
    }

    @Test
    void close_savesWhatHasChanged() {
        Agents agents = agents(AgentPersistence.PRODUCTION);
        Agent agent = create(agents);
        ask(agent, "one");
        agents.close();
        agents.close();
        assertThat(keptMessages()).isEqualTo(2);
        assertThat(store.saves).hasValue(1);
    }

    /** The save under way has less than there is, or waits for its next try, which would come too late. */
    @Test
    void close_whileASaveWaitsForItsNextTry_savesAllTheSame() {
        AgentPersistence settings = new AgentPersistence(
                Duration.ofSeconds(1),
                true,
                true,
                true,
                new AgentPersistence.Retries(3, Duration.ofMinutes(1), 1),
                new AgentPersistence.Breaker(3, Duration.ofSeconds(30)));
        Agents agents = agents(settings);
        Agent agent = create(agents);
        ask(agent, "one");
        store.failures.set(1);
        int others = time.timers();
        time.advance(Duration.ofSeconds(1));
        Awaitility.await().until(() -> time.timers() > others);
        ask(agent, "two");
        agents.close();
        assertThat(keptMessages()).isEqualTo(4);
    }

    @Test
    void close_whileSavingIsGivenUp_triesOnceMore() {
        Agents agents = agents(AgentPersistence.TESTING);
        Agent agent = create(agents);
        ask(agent, "one");
        store.failures.set(1);
        assertThatThrownBy(() -> agent.memory().save(caller)).isInstanceOf(StorageException.class);
        agents.close();
        assertThat(keptMessages()).isEqualTo(2);
    }

    @Test
    void close_thatCannotSave_isToldAndEnds() {
        Agents agents = agents(AgentPersistence.TESTING);
        ask(create(agents), "one");
        store.failures.set(1);
        agents.close();
        assertThat(events("agent.state.save_failed")).hasSize(1);
    }

    /** What was loaded is what holds, although the store has got what the load put away. */
    @Test
    void load_pastWhichASaveCame_isSavedAgain() {
        Agents agents = agents(AgentPersistence.TESTING);
        Agent agent = create(agents);
        ask(agent, "one");
        agent.memory().save(caller);
        ask(agent, "two");
        store.afterLoad = () -> agent.memory().save(caller);
        assertThat(agent.memory().load(caller)).isTrue();
        store.afterLoad = () -> {};
        assertThat(keptMessages()).isEqualTo(4);
        agents.close();
        assertThat(keptMessages()).isEqualTo(2);
    }

    @Test
    void terminatedAgent_isNotSavedByItself() {
        Agents agents = agents(AgentPersistence.DEVELOPMENT);
        Agent agent = create(agents);
        ask(agent, "one");
        agent.terminate(caller);
        time.advance(Duration.ofMinutes(1));
        agents.close();
        assertThat(store.saves).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "production, PT5M, true, true, true, 5, PT0.2S, 2, 3, PT30S",
        "development, PT30S, true, true, true, 2, PT0.1S, 2, 5, PT10S",
        "testing, , true, true, true, 0, PT0.1S, 2, 1, PT1S",
        "minimal, , false, true, false, 1, PT0.1S, 2, 3, PT30S",
    })
    void preset_hasItsSettings(
            String name,
            Duration interval,
            boolean pause,
            boolean stop,
            boolean resume,
            int retries,
            Duration backoff,
            double multiplier,
            int failures,
            Duration open) {
        assertThat(AgentPersistence.from(ConfigSection.of("agents.persistence", Map.of("preset", name))))
                .isEqualTo(new AgentPersistence(
                        interval,
                        pause,
                        stop,
                        resume,
                        new AgentPersistence.Retries(retries, backoff, multiplier),
                        new AgentPersistence.Breaker(failures, open)));
    }

    @Test
    void options_winOverThePreset() {
        Map<String, Object> options = Map.of(
                "preset",
                "minimal",
                "auto_save_interval",
                "1s",
                "save_on_pause",
                true,
                "save_on_stop",
                false,
                "restore_on_resume",
                true,
                "max_retries",
                4,
                "initial_backoff",
                "5ms",
                "backoff_multiplier",
                1.5,
                "failure_threshold",
                9,
                "open_duration",
                "2s");
        assertThat(AgentPersistence.from(ConfigSection.of("agents.persistence", options)))
                .isEqualTo(new AgentPersistence(
                        Duration.ofSeconds(1),
                        true,
                        false,
                        true,
                        new AgentPersistence.Retries(4, Duration.ofMillis(5), 1.5),
                        new AgentPersistence.Breaker(9, Duration.ofSeconds(2))));
        assertThat(AgentPersistence.from(ConfigSection.of("agents.persistence", Map.of("auto_save_interval", "0s")))
                        .interval())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"preset", "max_retries", "backoff_multiplier", "failure_threshold", "initial_backof"})
    void options_thatAreWrong_areRefused(String option) {
        assertThatThrownBy(() -> AgentPersistence.from(ConfigSection.of("agents.persistence", Map.of(option, -1))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(option);
    }
}
