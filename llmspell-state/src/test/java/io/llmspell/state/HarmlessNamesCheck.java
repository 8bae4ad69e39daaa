package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.events.Events;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Names that look like those of secrets and are none: their values come out at every exit, and are not sealed. */
final class HarmlessNamesCheck {
    /** A machine under load must not cut the hooks under test off. */
    private static final HookSettings PATIENT =
            HookSettings.DEFAULT.toBuilder().deadline(Duration.ofSeconds(30)).build();

    static final List<String> NAMES = List.of("total_tokens", "author", "secretary", "tokenizer");

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();

    private HarmlessNamesCheck() {}

    static void run(Redactor redactor) {
        new HarmlessNamesCheck().check(redactor);
    }

    private void check(Redactor redactor) {
        ManualTime time = new ManualTime(); // no call of a hook is slow, so that none is skipped
        try (Hooks hooks = Hooks.builder()
                        .time(time)
                        .settings(HookSettings.builder()
                                .deadline(Duration.ofSeconds(20))
                                .build())
                        .ids(IdGenerator.timeOrdered(time))
                        .settings(PATIENT)
                        .awaiter(Awaiter.blocking(time))
                        .build();
                EventBus bus = Events.builder()
                        .time(time)
                        .ids(IdGenerator.timeOrdered(time))
                        .gate(hooks.gate())
                        .awaiter(Awaiter.blocking(time))
                        .redactor(redactor)
                        .build();
                StorageBackend store = Fixture.newStore();
                StateManager manager = States.builder()
                        .storage(store)
                        .codec(Fixture.CODEC)
                        .gate(hooks.gate())
                        .events(bus)
                        .time(time)
                        .redactor(redactor)
                        .build()) {
            hooks.registry().register(HookPoint.BEFORE_STATE_WRITE, HookOptions.named("see"), context -> {
                seen.add(String.valueOf(context.data()));
                return HookResult.proceed();
            });
            bus.subscribe(
                    "**",
                    SubscribeOptions.DEFAULT,
                    (event, again) -> told.add(String.valueOf(event.payload())),
                    Fixture.HOST);
            NAMES.forEach(name -> put(manager.as(Fixture.HOST), store, name));
            bus.close(Duration.ofSeconds(10));
        }
        NAMES.forEach(name -> {
            assertThat(seen)
                    .filteredOn(each -> each.contains("value of " + name))
                    .as("hooks, " + name)
                    .hasSizeGreaterThanOrEqualTo(4);
            assertThat(told)
                    .filteredOn(each -> each.contains("value of " + name))
                    .as("events, " + name)
                    .hasSizeGreaterThanOrEqualTo(4);
        });
    }

    private static void put(StateView state, StorageBackend store, String name) {
        for (StateClass each : List.of(StateClass.STANDARD, StateClass.EXTERNAL)) {
            StateKey under = Fixture.key("value-" + name + each.id());
            state.apply(List.of(new Put(under, JsonObject.of(name, "value of " + name), null, each)))
                    .orThrow();
            clear(store, under);
            StateKey named = Fixture.key(name);
            state.apply(List.of(new Put(named, "the value of " + name, null, each)))
                    .orThrow();
            clear(store, named);
            state.delete(named);
        }
    }

    private static void clear(StorageBackend store, StateKey key) {
        assertThat(store.get(Space.STATE, key.encoded()))
                .as("the record of " + key)
                .hasValueSatisfying(found ->
                        assertThat(Fixture.CODEC.header(found.value()).keyId()).isNull());
    }
}
