package io.llmspell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.agents.OfflineProvider;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.testing.time.ManualTime;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** The embedding face: building, what it hands out, closing. */
final class LlmSpellTest {
    @TempDir
    private Path folder;

    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    /** Memory that tells when it is opened and closed. */
    private StorageBackend told(StorageBackend inner) {
        order.add("store opened");
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (proxy, method, args) -> {
                    if (method.getName().equals("close")) {
                        order.add("store closed");
                    }
                    try {
                        return method.invoke(inner, args);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private StorageFactory told() {
        return (spaces, time) -> told(MemoryStorage.create(spaces));
    }

    @Test
    void version_isThatOfTheRelease() {
        assertThat(LlmSpell.version()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void builder_withNothing_givesEverything() {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            Caller caller = spell.caller();
            spell.state().as(caller).put(StateKey.of(Scope.GLOBAL, "k"), 1L);
            assertThat(spell.state()
                            .as(caller)
                            .get(StateKey.of(Scope.GLOBAL, "k"))
                            .orElseThrow()
                            .json())
                    .isEqualTo(1L);
            assertThat(spell.toolExecutor()
                            .invoke("calculator", JsonObject.of("input", "6 * 7"), caller)
                            .result()
                            .get("result"))
                    .isEqualTo(42L);
            assertThat(spell.tools().find("text-manipulator")).isPresent();
            assertThat(spell.agents()
                            .create(
                                    AgentConfig.builder("a")
                                            .model("offline/echo")
                                            .build(),
                                    caller)
                            .run(JsonObject.of("text", "hello"), caller)
                            .text("text"))
                    .contains("hello");
            assertThat(spell.workflows()
                            .sequential(Map.of(
                                    "name",
                                    "w",
                                    "steps",
                                    List.of(Map.of(
                                            "name", "s", "tool", "calculator", "input", Map.of("input", "1 + 1")))))
                            .run(null, caller)
                            .get("output"))
                    .isEqualTo(2L);
            assertThat(spell.caller().correlation()).isNotEqualTo(caller.correlation());
        }
    }

    @Test
    void option_setTwice_isRefused() {
        List<Runnable> twice = List.of(
                () -> LlmSpell.builder().storage(told()).storage(told()),
                () -> LlmSpell.builder().scriptOutput(text -> {}).scriptOutput(text -> {}),
                () -> LlmSpell.builder().scriptErrorOutput(text -> {}).scriptErrorOutput(text -> {}),
                () -> LlmSpell.builder().scriptLimits(ScriptLimits.DEFAULT).scriptLimits(ScriptLimits.DEFAULT),
                () -> LlmSpell.builder().time(new ManualTime()).time(new ManualTime()));
        for (Runnable each : twice) {
            assertThatThrownBy(each::run).isInstanceOf(ArgumentException.class).hasMessageContaining("twice");
        }
    }

    @Test
    void options_ofScripts_reachTheEngine() {
        ManualTime time = new ManualTime();
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        try (LlmSpell spell = LlmSpell.builder()
                .time(time)
                .scriptOutput(text -> output.append(text.text()))
                .scriptErrorOutput(text -> errors.append(text.text()))
                .scriptLimits(new ScriptLimits(Duration.ofSeconds(1), 77, 0, 1))
                .build()) {
            assertThat(spell.lua().eval("limits")).isEqualTo(77L);
            assertThat(spell.lua().eval("nanos")).isEqualTo(time.nanos());
            spell.lua().eval("print hello");
            spell.lua().eval("complain trouble");
            assertThat(output.toString()).contains("hello").doesNotContain("trouble");
            assertThat(errors).hasToString("trouble");
            assertThat(spell.lua().eval("caller")).isNotEqualTo(spell.lua().eval("caller"));
        }
    }

    @Test
    void globals_areThoseOfTheReference() {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            assertThat(spell.lua().eval("globals"))
                    .isEqualTo(List.of(
                            "Hook",
                            "Event",
                            "State",
                            "Session",
                            "Artifact",
                            "Tool",
                            "Tools",
                            "Agent",
                            "Workflow",
                            "Logger",
                            "JSON",
                            "Utils"));
            assertThat(spell.lua().eval("call State set k v")).isEqualTo(true);
            assertThat(spell.lua().eval("call State get k")).isEqualTo("v");
        }
    }

    @Test
    void provider_added_answersBesideTheOfflineOne() {
        ModelProvider mine = new ModelProvider() {
            @Override
            public String name() {
                return "mine";
            }

            @Override
            public List<String> models() {
                return List.of("echo");
            }

            @Override
            public Mono<ModelResponse> complete(ModelRequest request, Caller caller) {
                order.add("asked " + request.model());
                return new OfflineProvider().complete(request, caller);
            }
        };
        try (LlmSpell spell = LlmSpell.builder().provider(mine).build()) {
            Caller caller = spell.caller();
            spell.agents()
                    .create(AgentConfig.builder("a").model("mine/echo").build(), caller)
                    .run(JsonObject.of("text", "x"), caller);
            spell.agents().create(AgentConfig.builder("b").model("offline/echo").build(), caller);
            assertThat(order).containsExactly("asked echo");
        }
    }

    @Test
    void hooksOfTheBuilder_seeStartAndEnd_andTheEventsOfBoth() {
        LlmSpell spell = LlmSpell.builder()
                .storage(told())
                .config(Patience.CONFIG)
                .hooks(hooks -> {
                    hooks.register(HookPoint.SYSTEM_STARTUP, "start", context -> {
                        order.add("startup " + ((Map<?, ?>) context.data()).keySet());
                        return HookResult.proceed();
                    });
                    hooks.register(HookPoint.SYSTEM_SHUTDOWN, "end", context -> {
                        order.add("shutdown " + ((Map<?, ?>) context.data()).get("reason"));
                        return HookResult.proceed();
                    });
                    hooks.register(HookPoint.BEFORE_EVENT_EMIT, "events", context -> {
                        order.add("event " + ((Map<?, ?>) context.data()).get("event_type"));
                        return HookResult.proceed();
                    });
                })
                .build();
        spell.close();
        spell.close();
        assertThat(order)
                .containsExactly(
                        "startup [version, engines]",
                        "store opened",
                        "event system.started",
                        "shutdown closed",
                        "event system.stopped",
                        "store closed");
    }

    @Test
    void startup_vetoed_opensNothing() {
        assertThatThrownBy(() -> LlmSpell.builder()
                        .storage(told())
                        .config(Patience.CONFIG)
                        .hooks(hooks -> hooks.register(
                                HookPoint.SYSTEM_STARTUP, "no", context -> HookResult.cancel("not today")))
                        .build())
                .isInstanceOf(OperationCancelledException.class)
                .hasMessageContaining("not today");
        assertThat(order).isEmpty();
    }

    @Test
    void build_thatFailsAtTheStore_tellsItsError() {
        StorageException broken = new StorageException(ErrorCode.STORE_LOCKED, "the store is in use", Map.of(), null);
        assertThatThrownBy(() -> LlmSpell.builder()
                        .storage((spaces, time) -> {
                            throw broken;
                        })
                        .build())
                .isSameAs(broken);
    }

    @Test
    void build_thatFailsLater_closesWhatWasOpened() {
        assertThatThrownBy(() -> LlmSpell.builder()
                        .storage(told())
                        .provider(new OfflineProvider())
                        .build())
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("offline");
        assertThat(order).containsExactly("store opened", "store closed");
    }

    @Test
    void shutdown_withAHookThatFails_closesAllTheSame() {
        LlmSpell spell =
                LlmSpell.builder().config(Patience.CONFIG).storage(told()).build();
        HookOptions strict = HookOptions.builder("bad")
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
        spell.hooks().register(HookPoint.SYSTEM_SHUTDOWN, strict, context -> {
            throw new ArithmeticException("broken");
        });
        spell.close();
        assertThat(order).containsExactly("store opened", "store closed");
    }

    @Test
    void close_endsScriptsBeforeTheParts() throws Exception {
        LlmSpell spell = LlmSpell.builder()
                .storage(told())
                .config(Patience.CONFIG)
                .scriptOutput(text -> order.add(text.text()))
                .hooks(hooks -> hooks.register(HookPoint.SYSTEM_SHUTDOWN, "end", context -> {
                    order.add("shutdown");
                    return HookResult.proceed();
                }))
                .build();
        spell.lua().load(Files.writeString(folder.resolve("first.txt"), "print one"));
        CompletableFuture<@Nullable Object> waiting = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                spell.lua().load(Files.writeString(folder.resolve("wait.txt"), "wait"));
                waiting.complete(null);
            } catch (LlmSpellException | IOException ended) {
                waiting.completeExceptionally(ended);
            }
        });
        thread.start();
        Awaitility.await().until(() -> order.contains("<waits>"));
        spell.close();
        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(ScriptException.class);
        assertThat(order.get(order.size() - 1)).isEqualTo("store closed");
        assertThat(order).contains("<closed>", "shutdown");
        assertThat(order.indexOf("<closed>")).isLessThan(order.indexOf("shutdown"));
    }

    @Test
    void scripts_ofALanguageThatIsNotThere_nameTheArtifact() {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            assertThatThrownBy(() -> spell.scripts(Language.JAVASCRIPT))
                    .isInstanceOfSatisfying(
                            ConfigException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MISSING_ARTIFACT))
                    .hasMessageContaining("llmspell-bridge-js");
        }
    }

    @Test
    void load_keepsTheEngine_untilItsHandleIsClosed() throws IOException {
        StringWriter output = new StringWriter();
        try (LlmSpell spell = LlmSpell.builder()
                .scriptOutput(text -> output.append(text.text()))
                .build()) {
            Path file = Files.writeString(folder.resolve("s.txt"), "print here");
            Handle loaded = spell.lua().load(file, "a");
            assertThat(output).hasToString("here");
            loaded.close();
            loaded.close();
            assertThat(output).hasToString("here<closed>");
            spell.lua().run(file);
            assertThat(output).hasToString("here<closed>here<closed>");
            Path bad = Files.writeString(folder.resolve("bad.txt"), "fail");
            assertThatThrownBy(() -> spell.lua().load(bad)).isInstanceOf(ScriptException.class);
            assertThat(output).hasToString("here<closed>here<closed><closed>");
        }
        assertThat(output).hasToString("here<closed>here<closed><closed>");
    }

    @Test
    void run_afterTheEnd_isRefused() {
        LlmSpell spell = LlmSpell.builder().build();
        spell.close();
        assertThatThrownBy(() -> spell.lua().eval("print x"))
                .isInstanceOfSatisfying(
                        LlmSpellException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED));
    }

    @Test
    void arguments_reachTheScript() throws IOException {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            Path file = Files.writeString(folder.resolve("s.txt"), "arguments");
            assertThat(spell.lua().run(file, "a", "b")).isEqualTo(List.of("a", "b"));
        }
    }
}
