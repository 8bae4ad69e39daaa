package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateChange.Check;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.events.Events;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.testing.time.ManualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Stores twelve kinds of secrets in each persisted class and looks for them at every exit of state: the records, the
 * journal, events, hooks, errors and {@code toString}. Who reads a value gets it as it was.
 */
final class SecretCopiesCheck {
    /** A machine under load must not cut the hooks under test off. */
    private static final HookSettings PATIENT =
            HookSettings.DEFAULT.toBuilder().deadline(Duration.ofSeconds(30)).build();

    private static final List<String> NAMES =
            List.of("password", "API_KEY", "dbCredentials", "PRIVATE_KEY", "authToken");
    private static final List<StateClass> PERSISTED =
            List.of(StateClass.STANDARD, StateClass.TRUSTED, StateClass.EXTERNAL, StateClass.SENSITIVE);

    private final RecordCodec codec;
    private final Redactor redactor;
    private final List<SecretKinds> hidden = SecretKinds.family("HIDDEN");
    private final List<SecretKinds> shown = SecretKinds.family("PLAIN");
    private final Map<StateKey, Object> written = new LinkedHashMap<>();
    private final List<String> hooked = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<String> texts = new ArrayList<>();

    private SecretCopiesCheck(RecordCodec codec, Redactor redactor) {
        this.codec = codec;
        this.redactor = redactor;
    }

    static RecordCodec codec() {
        return RecordCodecs.create(JsonCodec.create(), KeyRing.inMemory());
    }

    static Redactor redactor() {
        return Redactor.builder().hashRedacted().build();
    }

    /** Fails if a secret comes out, or a value does not come back. */
    static void run(RecordCodec codec, Redactor redactor) {
        new SecretCopiesCheck(codec, redactor).run();
    }

    private void run() {
        ManualTime time = new ManualTime(); // no call of a hook is slow, so that none is skipped
        try (Hooks hooks = hooks(time);
                StorageBackend store = Fixture.newStore();
                EventBus bus = bus(time, hooks, store);
                StateManager manager = States.builder()
                        .storage(store)
                        .codec(codec)
                        .gate(hooks.gate())
                        .events(bus)
                        .time(time)
                        .redactor(redactor)
                        .build()) {
            listen(hooks, bus);
            StateView state = manager.as(Fixture.HOST);
            story(state);
            bus.close(Duration.ofSeconds(10));
            judge(store);
        }
    }

    private static Hooks hooks(ManualTime time) {
        return Hooks.builder()
                .time(time)
                .settings(
                        HookSettings.builder().deadline(Duration.ofSeconds(20)).build())
                .ids(IdGenerator.timeOrdered(time))
                .settings(PATIENT)
                .awaiter(Awaiter.blocking(time))
                .build();
    }

    private EventBus bus(ManualTime time, Hooks hooks, StorageBackend store) {
        return Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(hooks.gate())
                .awaiter(Awaiter.blocking(time))
                .redactor(redactor)
                .journal(store, codec, Space.EVENTS)
                .build();
    }

    private void listen(Hooks hooks, EventBus bus) {
        for (String point : List.of(
                "BeforeStateRead",
                "AfterStateRead",
                "BeforeStateWrite",
                "state_change",
                "AfterStateWrite",
                "StateConflict")) {
            hooks.registry().register(HookPoint.parse(point), HookOptions.named("all-" + point), context -> {
                hooked.add(point
                        + context.data()
                        + context.operation().input()
                        + context.operation().output()
                        + context.snapshot().data()
                        + context.metadata());
                return HookResult.proceed();
            });
        }
        Caller caller = Fixture.HOST;
        bus.subscribe("**", SubscribeOptions.DEFAULT, (event, again) -> told.add(String.valueOf(event)), caller);
    }

    // ---- the story ----

    private void story(StateView state) {
        int n = 0;
        for (SecretKinds secret : hidden) {
            String name = NAMES.get(n % NAMES.size());
            for (StateClass each : PERSISTED) {
                put(state, "named-" + n + each.id(), JsonObject.of("user", "ada", "in", member(name, secret)), each);
                put(state, each.id() + n + "-" + name, secret.text(), each);
            }
            JsonObject page = JsonObject.of("body", "before " + secret.text() + " after");
            put(state, "external:" + n, page, null);
            put(state, "vault" + n, page, StateClass.SENSITIVE);
            put(state, "open" + n, "before " + shown.get(n).text() + " after", StateClass.STANDARD);
            errors(state, name, secret);
            n++;
        }
        readBack(state);
    }

    private static JsonArray member(String name, SecretKinds secret) {
        return JsonArray.of(1, JsonObject.of(name, secret.text()));
    }

    private void put(StateView state, String name, Object json, @Nullable StateClass stateClass) {
        StateKey key = Fixture.key(name);
        StateChange first = new Put(key, json, null, stateClass);
        state.apply(List.of(first)).orThrow();
        state.apply(List.of(new Put(key, json, Duration.ofDays(1), stateClass), new Put(key, json, null, stateClass)))
                .orThrow();
        texts.add(first + " " + state.get(key) + " "
                + new Wanted(key, Change.SET, json, true, null, StateClass.STANDARD));
        written.put(key, json);
    }

    private void errors(StateView state, String name, SecretKinds secret) {
        StateKey key = Fixture.key("errors-" + name);
        state.put(key, secret.text());
        texts.add(String.valueOf(state.apply(List.of(new Check(key, 1), Put.of(key, secret.text())))));
        failing(() -> state.apply(List.of(new Put(key, secret.text(), Duration.ZERO, null))));
        failing(() -> state.put(key, JsonObject.of(name, secret.text()).with("deep", "x".repeat(2 << 20))));
        failing(() -> state.put(key, Map.of(name, new StringBuilder(secret.text()))));
        state.delete(key);
    }

    private void failing(Runnable call) {
        try {
            call.run();
            throw new AssertionError("it was not refused");
        } catch (LlmSpellException refused) {
            texts.add(refused + " " + refused.text() + " " + refused.details());
        }
    }

    private void readBack(StateView state) {
        written.forEach(
                (key, json) -> assertThat(state.get(key).map(StateValue::json).map(String::valueOf))
                        .as("what is read under " + key)
                        .contains(String.valueOf(json)));
        assertThat(state.all(Fixture.KEY.scope())).hasSize(written.size());
    }

    // ---- the verdict ----

    private void judge(StorageBackend store) {
        String journal = dump(store, Space.EVENTS);
        String records = dump(store, Space.STATE) + dump(store, Space.META);
        assertThat(hooked).hasSizeGreaterThan(500);
        assertThat(told).hasSizeGreaterThan(200);
        assertThat(journal).contains("state.changed");
        nowhere(hidden, records, "the records");
        nowhere(hidden, String.join("\n", hooked), "what hooks see");
        nowhere(hidden, String.join("\n", texts), "errors and toString");
        for (List<SecretKinds> family : List.of(hidden, shown)) {
            nowhere(family, journal, "the journal");
            nowhere(family, String.join("\n", told), "events");
        }
    }

    private static void nowhere(List<SecretKinds> secrets, String exit, String name) {
        secrets.forEach(secret -> nowhere(secret, exit, name));
    }

    private static void nowhere(SecretKinds secret, String exit, String name) {
        int at = exit.indexOf(secret.mark());
        if (at >= 0) {
            throw new AssertionError(name + ": a secret of the kind \"" + secret.kind() + "\" at "
                    + exit.substring(Math.max(0, at - 80), Math.min(exit.length(), at + 20)));
        }
    }

    private static String dump(StorageBackend store, Space space) {
        StringBuilder all = new StringBuilder();
        try (var cursor = store.scan(space, Range.all())) {
            while (cursor.next()) {
                all.append(new String(cursor.entry().stored().value().toArray(), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
