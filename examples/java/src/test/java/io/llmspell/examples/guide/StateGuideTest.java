package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.state.StateWatch;
import io.llmspell.core.state.TypedState;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.States;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

class StateGuideTest extends Guide {
    @Test
    void inOneMinute() {
        EventBus bus = spell.events();
        SystemTimeSource time = new SystemTimeSource();
        try (Hooks hooks =
                Hooks.builder().time(time).awaiter(Awaiter.blocking(time)).build()) {
            // region
            StorageBackend store =
                    MemoryStorage.create(Set.of(Space.STATE, Space.META, Space.EVENTS)); // or a store on disk
            StateManager manager = States.builder()
                    .storage(store)
                    .codec(RecordCodecs.create(JsonCodec.create(), KeyRing.inMemory())) // the keys of secrets
                    .gate(hooks.gate()) // every read and write passes it
                    .events(bus) // optional: without a bus there are no events
                    .build();

            StateView state = manager.as(caller); // the rights are those of the caller
            StateKey key = StateKey.of(Scope.agent("planner"), "goal");
            long version = state.put(key, Map.of("text", "tidy up"));
            Optional<StateValue> value = state.get(key); // JSON value and version
            // endregion

            assertThat(value.orElseThrow().version()).isEqualTo(version);
            manager.close();
            store.close();
        }
    }

    @Test
    void access() {
        // region
        StateAccess access = spell.state().access(spell.caller());
        access.grant(
                Scope.agent("ann"),
                "bob",
                GrantAccess.READ,
                Duration.ofHours(1)); // or WRITE, READ_WRITE; null: until revoked
        access.revoke(Scope.agent("ann"), "bob");
        Scope board = access.share("board"); // custom:shared:board
        access.setBoundary("bob", Boundary.SHARED_ACCESS);
        access.cutOff("bob", "leaks"); // until access.restore("bob")
        // endregion

        assertThat(board.toString()).isEqualTo("custom:shared:board");
    }

    @Test
    void severalKeys() {
        StateKey counter = StateKey.of(Scope.GLOBAL, "counter");
        StateKey draft = StateKey.of(Scope.GLOBAL, "draft");
        state.put(counter, 7);
        state.put(draft, "…");
        StateValue seen = state.get(counter).orElseThrow();
        // region
        StateCommit commit = state.apply(List.of(
                new StateChange.Check(counter, seen.version()), // only if nobody was faster; 0 means absent
                StateChange.Put.of(counter, 8),
                new StateChange.Delete(draft)));
        if (commit instanceof StateCommit.Conflict lost) {
            throw new AssertionError(lost);
        } // nothing was changed; lost.actual() is the version now
        // endregion

        assertThat(state.get(draft)).isEmpty();
    }

    private static long amount(Optional<StateValue> account) {
        return (Long) account.orElseThrow().json();
    }

    @Test
    void transactions() {
        StateKey ann = StateKey.of(Scope.agent("ann"), "credit");
        StateKey bob = StateKey.of(Scope.agent("bob"), "credit");
        StateKey counter = StateKey.of(Scope.GLOBAL, "counter");
        state.put(ann, 10);
        state.put(bob, 0);
        // region
        Long left = state.transact(
                t -> { // over as many scopes as the caller may use
                    long credit = amount(t.get(ann));
                    t.put(ann, credit - 4);
                    t.put(bob, amount(t.get(bob)) + 4);
                    return credit - 4;
                });
        state.update(counter, old -> old == null ? 1L : (Long) old + 1); // one key; null removes it
        // endregion

        assertThat(left).isEqualTo(6);
        assertThat(state.get(bob).orElseThrow().json()).isEqualTo(4L);
    }

    record Plan(String text, int rank) {
        static Plan first() {
            return new Plan("", 1);
        }

        Plan raised() {
            return new Plan(text, rank + 1);
        }
    }

    @Test
    void javaTypes() {
        StateKey key = StateKey.of(Scope.GLOBAL, "plan");
        // region
        TypedState plans = TypedState.of(state, JsonCodec.create());
        plans.put(key, new Plan("tidy up", 2));
        Optional<Plan> plan = plans.get(key, Plan.class); // type_mismatch names the member that does not fit
        plans.update(key, Plan.class, old -> old == null ? Plan.first() : old.raised());
        // endregion

        assertThat(plan).contains(new Plan("tidy up", 2));
        assertThat(plans.get(key, Plan.class)).contains(new Plan("tidy up", 3));
    }

    private final List<String> shown = new CopyOnWriteArrayList<>();

    private void show(StateKey key, Object before, Object after, long version) {
        shown.add(key.key() + " " + before + " " + after);
    }

    @Test
    void following() {
        long lastSeen = 0;
        // region
        Disposable watch = state.watch(StateWatch.of(Scope.agent("planner"), "step_*"))
                .subscribe(update -> show(update.key(), update.before(), update.after(), update.version()));
        state.watch(StateWatch.of(Scope.GLOBAL, "*")
                .after(lastSeen)); // first what is newer than a commit, then all that comes
        // endregion

        state.put(StateKey.of(Scope.agent("planner"), "step_1"), 5);
        await().untilAsserted(() -> assertThat(shown).hasSize(1));
        watch.dispose();
    }
}
