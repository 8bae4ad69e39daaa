package io.llmspell.state;

import static io.llmspell.state.Fixture.KEY;
import static io.llmspell.state.Fixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hooks see of secrets, and what becomes of the masks that they give back. */
class SecretHooksTest {
    private static final String CANARY = "hunter2-canary";

    private final ManualTime time = new ManualTime();
    private final Hooks hooks = Hooks.builder()
            .time(time)
            .ids(IdGenerator.timeOrdered(time))
            .awaiter(Awaiter.blocking(time))
            .build();
    private final Fixture fixture = new Fixture(hooks.gate(), time);
    private final StateView state = fixture.host();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private int registered;

    @AfterEach
    void close() {
        fixture.close();
        hooks.close();
    }

    private void watch(HookPoint... points) {
        for (HookPoint point : points) {
            hooks.registry().register(point, HookOptions.named("watch-" + registered++), context -> {
                seen.add(
                        point + " " + context.data() + " " + context.operation().input() + " "
                                + context.operation().output() + " "
                                + context.snapshot().data() + " " + context.metadata());
                return HookResult.proceed();
            });
        }
    }

    private void change(HookPoint point, UnaryOperator<@Nullable Object> change) {
        hooks.registry().register(point, HookOptions.named("change-" + registered++), context -> {
            JsonObject data = data(context);
            return HookResult.modified(data.with("value", change.apply(data.get("value"))));
        });
    }

    private static JsonObject data(HookContext context) {
        return (JsonObject) Objects.requireNonNull(context.data());
    }

    private @Nullable Object value(StateKey key) {
        return state.get(key).map(StateValue::json).orElse(null);
    }

    private void put(StateKey key, @Nullable Object json, StateClass stateClass) {
        state.apply(List.of(new Put(key, json, null, stateClass))).orThrow();
    }

    // ---- what is seen ----

    @Test
    void sensitiveValues_areMaskedAtEveryPoint() {
        watch(
                HookPoint.BEFORE_STATE_WRITE,
                HookPoint.parse("state_change"),
                HookPoint.AFTER_STATE_WRITE,
                HookPoint.BEFORE_STATE_READ,
                HookPoint.AFTER_STATE_READ);
        state.put(key("api_key"), CANARY);
        state.put(key("api_key"), CANARY + "2");
        put(KEY, JsonObject.of("plain", CANARY), StateClass.SENSITIVE);
        put(key("flag"), true, StateClass.SENSITIVE);
        value(key("api_key"));
        state.all(KEY.scope());
        state.delete(key("api_key"));

        assertThat(seen).hasSizeGreaterThan(15).noneMatch(each -> each.contains(CANARY));
        assertThat(seen).anyMatch(each -> each.contains("value=" + Redactor.MASK));
        assertThat(seen).anyMatch(each -> each.contains("old_value=" + Redactor.MASK));
    }

    @Test
    void secretMembers_areMaskedAndTheRestIsSeen() {
        watch(HookPoint.BEFORE_STATE_WRITE, HookPoint.AFTER_STATE_READ);
        state.put(KEY, JsonObject.of("user", "ada", "password", CANARY));
        state.put(KEY, JsonObject.of("user", "bob", "password", CANARY));
        value(KEY);

        assertThat(seen).hasSize(3).allMatch(each -> each.contains("ada") || each.contains("bob"));
        assertThat(seen).noneMatch(each -> each.contains(CANARY));
    }

    @Test
    void ephemeralValues_areSeenByGuardsAsTheyAre() {
        HookOptions guard = HookOptions.builder("guard")
                .failurePolicy(io.llmspell.core.hook.FailurePolicy.FAIL_CLOSED)
                .build();
        hooks.registry().register(HookPoint.BEFORE_STATE_WRITE, guard, context -> {
            seen.add(String.valueOf(context.data()));
            return HookResult.proceed();
        });
        put(KEY, JsonObject.of("password", CANARY), StateClass.EPHEMERAL);

        assertThat(seen).singleElement().asString().contains(CANARY);
    }

    // ---- masks that come back ----

    @Test
    void maskThatComesBackUnchanged_standsForTheOriginal() {
        change(HookPoint.BEFORE_STATE_WRITE, shown -> shown);
        state.put(key("api_key"), CANARY);

        assertThat(value(key("api_key"))).isEqualTo(CANARY);
    }

    @Test
    void maskThatIsReplaced_isReplaced() {
        change(HookPoint.BEFORE_STATE_WRITE, shown -> "another");
        state.put(key("api_key"), CANARY);

        assertThat(value(key("api_key"))).isEqualTo("another");
    }

    @Test
    void changeBesideAMask_keepsTheSecret() {
        change(HookPoint.BEFORE_STATE_WRITE, shown -> ((JsonObject) Objects.requireNonNull(shown)).with("user", "bob"));
        state.put(KEY, JsonObject.of("user", "ada", "db", JsonObject.of("password", CANARY)));

        assertThat(value(KEY)).isEqualTo(JsonObject.of("user", "bob", "db", JsonObject.of("password", CANARY)));
    }

    @Test
    void maskUnderAnotherName_isOnlyAMask() {
        change(HookPoint.BEFORE_STATE_WRITE, shown -> {
            JsonObject value = (JsonObject) Objects.requireNonNull(shown);
            return JsonObject.of("note", value.get("password"));
        });
        state.put(KEY, JsonObject.of("password", CANARY));

        assertThat(value(KEY)).isEqualTo(JsonObject.of("note", Redactor.MASK));
    }

    @Test
    void elementThatIsTakenOut_leavesTheOthersTheirSecrets() {
        JsonObject a = JsonObject.of("user", "a", "password", "pa55-a");
        JsonObject b = JsonObject.of("user", "b", "password", "pa55-b");
        JsonObject c = JsonObject.of("user", "c", "password", "pa55-c");
        change(HookPoint.BEFORE_STATE_WRITE, shown -> {
            List<?> all = (List<?>) Objects.requireNonNull(shown);
            return JsonArray.of(all.get(0), all.get(2));
        });
        state.put(KEY, JsonArray.of(a, b, c));

        assertThat(value(KEY)).isEqualTo(JsonArray.of(a, c));
    }

    private static JsonObject user(String name) {
        return JsonObject.of("user", name, "password", "pa55-" + name);
    }

    /** Users as a hook sees them, by their names. */
    private static JsonArray shown(Object shown, String... names) {
        return JsonArray.of(Stream.of(names)
                .map(name -> ((List<?>) shown)
                        .stream()
                                .filter(each -> name.equals(((JsonObject) Objects.requireNonNull(each)).get("user")))
                                .findFirst()
                                .orElseThrow())
                .toArray());
    }

    private @Nullable Object putUsersWith(UnaryOperator<@Nullable Object> hook, String... names) {
        change(HookPoint.BEFORE_STATE_WRITE, hook);
        state.put(KEY, JsonArray.of(Stream.of(names).map(SecretHooksTest::user).toArray()));
        return value(KEY);
    }

    @Test
    void elementsThatAreSorted_keepTheirOwnSecrets() {
        Object sorted = putUsersWith(all -> shown(Objects.requireNonNull(all), "al", "bob", "cy"), "cy", "bob", "al");

        assertThat(sorted).isEqualTo(JsonArray.of(user("al"), user("bob"), user("cy")));
    }

    @Test
    void elementThatIsChangedInItsPlace_keepsItsSecret() {
        Object changed = putUsersWith(
                all -> {
                    List<?> users = (List<?>) Objects.requireNonNull(all);
                    JsonObject second = ((JsonObject) Objects.requireNonNull(users.get(1))).with("user", "robert");
                    return JsonArray.of(users.get(0), second, users.get(2), JsonObject.of("user", "new"));
                },
                "al",
                "bob",
                "cy");

        JsonObject second = user("bob").with("user", "robert");
        assertThat(changed).isEqualTo(JsonArray.of(user("al"), second, user("cy"), JsonObject.of("user", "new")));
    }

    @Test
    void elementThatIsChangedWhereAnotherWasTakenOut_getsNobodysSecret() {
        Object changed = putUsersWith(
                all -> {
                    Object second = ((List<?>) Objects.requireNonNull(all)).get(1);
                    return JsonArray.of(((JsonObject) Objects.requireNonNull(second)).with("user", "robert"));
                },
                "al",
                "bob");

        assertThat(changed).isEqualTo(JsonArray.of(JsonObject.of("user", "robert", "password", Redactor.MASK)));
    }

    @Test
    void readThatAHookChanges_keepsTheSecretForTheCaller() {
        state.put(KEY, JsonObject.of("user", "ada", "password", CANARY));
        change(HookPoint.AFTER_STATE_READ, shown -> ((JsonObject) Objects.requireNonNull(shown)).with("user", "bob"));

        assertThat(value(KEY)).isEqualTo(JsonObject.of("user", "bob", "password", CANARY));
    }

    @Test
    void readThatAHookCaches_isGivenAsItIs() {
        state.put(key("api_key"), CANARY);
        hooks.registry()
                .register(
                        HookPoint.AFTER_STATE_READ,
                        HookOptions.named("cache"),
                        context -> HookResult.cache(null, Duration.ofMinutes(1)));
        hooks.registry()
                .register(
                        HookPoint.BEFORE_STATE_READ,
                        HookOptions.named("cached"),
                        context -> HookResult.cache(null, Duration.ofMinutes(1)));

        assertThat(value(key("api_key"))).isEqualTo(CANARY);
        assertThat(value(key("api_key"))).isEqualTo(CANARY);
    }
}
