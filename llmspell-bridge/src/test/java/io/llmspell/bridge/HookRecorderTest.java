package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.LlmSpell;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.hooks.Hooks;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.testing.time.ManualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HookRecorderTest {
    private final ManualTime time = new ManualTime();
    private final StorageBackend store = MemoryStorage.create(Set.of(Space.META));
    private final Hooks hooks = Hooks.builder().time(time).build();
    private final HookRecorder recorder = HookRecorder.start(hooks.registry(), store, time, "1.2.3", Redactor.create());

    @AfterEach
    void close() {
        recorder.close();
        hooks.close();
        store.close();
    }

    private HookHandle register(HookPoint point, String name, int priority) {
        HookOptions options = HookOptions.builder(name)
                .priority(priority)
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .language(Language.LUA)
                .build();
        return hooks.registry().register(point, options, context -> HookResult.proceed());
    }

    private JsonObject note() {
        return HookSnapshots.read(store).orElseThrow();
    }

    @SuppressWarnings("unchecked") // the form of the note is what is tested
    private List<Map<String, Object>> rows() {
        return (List<Map<String, Object>>) note().get("hooks");
    }

    private List<Object> names() {
        return rows().stream().map(row -> row.get("name")).toList();
    }

    private void tenSeconds() {
        time.advance(Duration.ofSeconds(10));
    }

    @Test
    void tick_hooksThere_notesThemInRunningOrder() {
        register(HookPoint.BEFORE_TOOL_EXECUTION, "second", 10);
        register(HookPoint.BEFORE_TOOL_EXECUTION, "first", -10);
        hooks.systemFirst().register(HookPoint.BEFORE_TOOL_EXECUTION, "guard", context -> HookResult.proceed());

        tenSeconds();
        Awaitility.await().until(() -> HookSnapshots.read(store).isPresent());

        assertThat(note()).containsEntry("version", "1.2.3").containsEntry("closed", false);
        assertThat(note().text("timestamp")).isEqualTo("2025-01-01T00:00:10Z");
        assertThat(note().get("pid")).isEqualTo(ProcessHandle.current().pid());
        assertThat(names()).containsExactly("guard", "first", "second");
        assertThat(rows().get(0)).containsEntry("band", "system");
        assertThat(rows().get(1))
                .containsEntry("hook_point", "BeforeToolExecution")
                .containsEntry("band", "user")
                .containsEntry("priority", -10L)
                .containsEntry("failure_policy", "fail_closed")
                .containsEntry("language", "lua")
                .containsEntry("enabled", true)
                .doesNotContainKey("ended");
        assertThat(((Map<?, ?>) note().get("points")).get("BeforeToolExecution"))
                .isEqualTo(hooks.registry().explain(HookPoint.BEFORE_TOOL_EXECUTION));
    }

    @Test
    void tick_again_notesTheChange() {
        HookHandle handle = register(HookPoint.BEFORE_TOOL_EXECUTION, "one", 0);
        tenSeconds();
        Awaitility.await().until(() -> HookSnapshots.read(store).isPresent());
        handle.enabled(false);

        tenSeconds();

        Awaitility.await().until(() -> rows().get(0).get("enabled").equals(false));
    }

    @Test
    void tick_whileANoteIsBeingKept_makesNoneBesideItButOneAfterIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        StorageBackend slow = around(store, "commit", call -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            begun.countDown();
            released.await(30, TimeUnit.SECONDS);
            Object result = call.call();
            ended.incrementAndGet();
            inside.decrementAndGet();
            return result;
        });
        register(HookPoint.BEFORE_TOOL_EXECUTION, "one", 0);
        recorder.close();
        try (HookRecorder slowly = HookRecorder.start(hooks.registry(), slow, time, "1", Redactor.create())) {
            tenSeconds();
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            register(HookPoint.BEFORE_TOOL_EXECUTION, "two", 1);
            tenSeconds();
            tenSeconds();
            released.countDown();

            Awaitility.await().until(() -> names().contains("two"));
            Awaitility.await().until(() -> inside.get() == 0);
            assertThat(most).hasValue(1);
            assertThat(ended).hasValue(2);
        }
    }

    @Test
    void close_neitherHooksNorAnOldNote_writesNothing() {
        tenSeconds();

        recorder.close();

        assertThat(HookSnapshots.read(store)).isEmpty();
    }

    @Test
    void close_oldNoteAndNoHooks_saysThatThereAreNone() {
        register(HookPoint.BEFORE_TOOL_EXECUTION, "one", 0).unregister();
        store.commit(HookSnapshots.replacing(JsonObject.of("hooks", List.of("old"))));

        recorder.close();

        assertThat(rows()).isEmpty();
        assertThat(note()).containsEntry("closed", true);
    }

    @Test
    void close_afterAScriptTookItsHooksAlong_notesThemAsEnded() {
        register(HookPoint.BEFORE_STATE_WRITE, "stays", 0);
        HookHandle goes = register(HookPoint.BEFORE_TOOL_EXECUTION, "goes", 0);
        String explained = hooks.registry().explain(HookPoint.BEFORE_TOOL_EXECUTION);

        recorder.around(goes::unregister);
        recorder.around(() -> {});
        recorder.close();

        assertThat(names()).containsExactly("goes", "stays");
        assertThat(rows().get(0)).containsEntry("ended", true);
        assertThat(rows().get(1)).doesNotContainKey("ended");
        assertThat(((Map<?, ?>) note().get("points")).get("BeforeToolExecution"))
                .isEqualTo(explained);
    }

    @Test
    void tick_afterAScriptTookItsHooksAlong_forgetsThem() {
        register(HookPoint.BEFORE_STATE_WRITE, "stays", 0);
        recorder.around(register(HookPoint.BEFORE_TOOL_EXECUTION, "goes", 0)::unregister);
        tenSeconds();
        Awaitility.await().until(() -> HookSnapshots.read(store).isPresent());

        recorder.close();

        assertThat(names()).containsExactly("stays");
    }

    @Test
    void around_manyScripts_keepsTheNewestThousand() {
        for (int i = 0; i < 1_003; i++) {
            recorder.around(register(HookPoint.BEFORE_TOOL_EXECUTION, "h" + i, 0)::unregister);
        }

        recorder.close();

        assertThat(names()).hasSize(1_000).startsWith("h3").endsWith("h1002");
    }

    @Test
    void close_twice_writesOnceAndStopsTheTimer() {
        register(HookPoint.BEFORE_TOOL_EXECUTION, "one", 0);
        recorder.close();
        long revision = HookSnapshots.revision(store);

        recorder.close();
        tenSeconds();

        assertThat(HookSnapshots.revision(store)).isEqualTo(revision);
    }

    @Test
    void runtime_close_notesTheHooksOfTheHost() {
        StorageBackend kept = MemoryStorage.create(
                Set.of(Space.STATE, Space.EVENTS, Space.HISTORY, Space.AUDIT, Space.SESSIONS, Space.META));
        StorageFactory factory = (spaces, clock) -> withoutClose(kept);
        try (LlmSpell spell = LlmSpell.builder().storage(factory).build()) {
            spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "host", context -> HookResult.proceed());
        }

        JsonObject note = HookSnapshots.read(kept).orElseThrow();
        assertThat(note).containsEntry("closed", true).containsEntry("version", LlmSpell.version());
        assertThat(note.get("hooks").toString()).contains("host");
    }

    private static StorageBackend withoutClose(StorageBackend inner) {
        return around(inner, "close", call -> null);
    }

    private interface Around {
        @Nullable Object run(Callable<Object> call) throws Exception;
    }

    private static StorageBackend around(StorageBackend inner, String name, Around around) {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (proxy, method, args) -> {
                    try {
                        return method.getName().equals(name)
                                ? around.run(() -> method.invoke(inner, args))
                                : method.invoke(inner, args);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
