package io.llmspell.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ScriptTypesTest {
    private static final Caller CALLER = Caller.host(new CorrelationId("run-1"));
    private static final ScriptObject OBJECT = new Thing("thing-1");
    private static final ScriptCallback FUNCTION = new NoCallback();

    private static ScriptCall call(@Nullable Object... arguments) {
        return new ScriptCall("State.set", OBJECT, Arrays.asList(arguments), CALLER, new NoSession());
    }

    @Test
    void call_showsWhatItWasMadeWith() {
        ScriptSession session = new NoSession();
        ScriptCall call = new ScriptCall("State.set", OBJECT, Collections.singletonList(null), CALLER, session);

        assertThat(call.function()).isEqualTo("State.set");
        assertThat(call.caller()).isSameAs(CALLER);
        assertThat(call.session()).isSameAs(session);
        assertThat(call.size()).isEqualTo(1);
        assertThat(call.raw(0)).isNull();
        assertThat(call.raw(1)).isNull();
        assertThat(call.has(0)).isFalse();
        assertThat(call("x").has(0)).isTrue();
    }

    @Test
    void self_ofAnotherKind_isRefused() {
        assertThat(call().self(Thing.class)).isSameAs(OBJECT);
        refused(() -> call().self(OtherThing.class), "State.set must be called on an object of its kind");
        refused(
                () -> new ScriptCall("Hook.id", null, List.of(), CALLER, new NoSession()).self(Thing.class),
                "Hook.id must be called on an object of its kind, as object:method(...)");
    }

    @Test
    void text_isATextOrAHandlesId() {
        assertThat(call("x").text(0, "key")).isEqualTo("x");
        assertThat(call(OBJECT).text(0, "key")).isEqualTo("thing-1");
        assertThat(call("x").text(0, "key", "y")).isEqualTo("x");
        assertThat(call().text(0, "key", "y")).isEqualTo("y");
        refused(() -> call().text(0, "key"), "State.set: argument 1 (key) must be a text, but is nil");
        refused(() -> call(1L).text(0, "key"), "argument 1 (key) must be a text, but is a number");
        refused(() -> call(1, FUNCTION).text(1, "key"), "argument 2 (key) must be a text, but is a function");
        refused(() -> call(true).text(0, "key", "y"), "argument 1 (key) must be a text, but is a boolean");
    }

    @Test
    void number_isANumberOrTheDefault() {
        assertThat(call(1.5).number(0, "delta", 1L)).isEqualTo(1.5);
        assertThat(call().number(0, "delta", 1L)).isEqualTo(1L);
        refused(() -> call("1").number(0, "delta", 1L), "argument 1 (delta) must be a number, but is a text");
        refused(
                () -> call(OBJECT).number(0, "delta", 1L),
                "argument 1 (delta) must be a number, but is a handle of a thing");
    }

    @Test
    void callback_isAFunction() {
        assertThat(call(FUNCTION).callback(0, "fn")).isSameAs(FUNCTION);
        refused(() -> call().callback(0, "fn"), "argument 1 (fn) must be a function, but is nil");
        refused(() -> call(List.of(1)).callback(0, "fn"), "argument 1 (fn) must be a function, but is an array");
    }

    @Test
    void map_isAMapOrNothing() {
        Map<String, Object> map = Map.of("a", FUNCTION);

        assertThat(call(map).map(0, "options")).isSameAs(map);
        assertThat(call().map(0, "options")).isEmpty();
        assertThat(call(List.of()).map(0, "options")).isEmpty();
        assertThat(call(ScriptRecord.shown(map, "shown")).map(0, "options")).isEqualTo(map);
        refused(() -> call(List.of(1)).map(0, "options"), "argument 1 (options) must be a map, but is an array");
        refused(() -> call("x").map(0, "options"), "argument 1 (options) must be a map, but is a text");
    }

    @Test
    void json_handlesBecomeIdsAndRecordsMaps() {
        Object value = Arrays.asList(OBJECT, ScriptRecord.shown(Map.of("n", 1), "one"), null, Map.of("o", OBJECT));

        assertThat(call(value).json(0, JsonLimits.VALUE))
                .isEqualTo(JsonArray.of("thing-1", JsonObject.of("n", 1), null, JsonObject.of("o", "thing-1")));
        assertThat(call().json(0, JsonLimits.VALUE)).isNull();
        assertThat(call(Map.of("o", OBJECT)).object(0, "params", JsonLimits.VALUE))
                .isEqualTo(JsonObject.of("o", "thing-1"));
        assertThat(call().object(0, "params", JsonLimits.VALUE)).isEmpty();
    }

    @Test
    void json_beyondItsLimits_isRefused() {
        assertThatThrownBy(() -> call("xxxx").json(0, new JsonLimits(1, 1, 5)))
                .isInstanceOf(JsonValueException.class)
                .hasMessageEndingWith("[value_too_large]");
    }

    @Test
    void plain_checkedValues_areNotCopied() {
        JsonObject object = JsonObject.of("a", 1);
        JsonArray array = JsonArray.of(1);

        assertThat(ScriptCall.plain(object)).isSameAs(object);
        assertThat(ScriptCall.plain(array)).isSameAs(array);
    }

    @Test
    void plain_functionInside_isRefusedWithItsPath() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("list", List.of(1, FUNCTION));

        notConvertible(() -> ScriptCall.plain(map), "value.list[1] cannot be converted: functions have no JSON form");
        notConvertible(() -> ScriptCall.plain(FUNCTION), "value cannot be converted");
    }

    @Test
    void plain_cycle_isRefused() {
        List<Object> list = new ArrayList<>();
        Map<String, Object> map = new LinkedHashMap<>();
        list.add(map);
        map.put("back", list);

        notConvertible(() -> ScriptCall.plain(list), "value[0].back cannot be converted: it contains itself");
    }

    @Test
    void plain_sharedParts_areAllowedTwice() {
        List<Object> part = List.of(1);

        assertThat(ScriptCall.plain(List.of(part, part))).isEqualTo(List.of(List.of(1), List.of(1)));
    }

    @Test
    @Timeout(20)
    void plain_fewTablesThatStandForMany_areRefused() {
        Object shared = new ArrayList<>(List.of(1));
        for (int i = 0; i < 40; i++) {
            shared = List.of(shared, shared);
        }
        Object bomb = shared;

        tooLarge(() -> ScriptCall.plain(bomb), "has more than 1000000 nodes");
    }

    @Test
    void plain_depth_isBounded() {
        Object deep = List.of();
        for (int i = 1; i < 64; i++) {
            deep = i % 2 == 0 ? List.of(deep) : Map.of("m", deep);
        }
        Object deepest = deep;

        assertThat(ScriptCall.plain(deepest)).isNotNull();
        tooLarge(() -> ScriptCall.plain(List.of(deepest)), "nested deeper than 64 levels");
    }

    @Test
    void limits_default_isTheCatalogue() {
        assertThat(ScriptLimits.DEFAULT)
                .isEqualTo(new ScriptLimits(Duration.ofMinutes(5), 1_000_000_000, 128 * 1024 * 1024, 16));
        assertThat(new ScriptLimits(Duration.ZERO, 0, 0, 1).maxCoroutines()).isEqualTo(1);
    }

    @Test
    void limits_outOfRange_areRefused() {
        refused(() -> new ScriptLimits(Duration.ofNanos(-1), 0, 0, 1), "0 or more, and at least 1 coroutine");
        refused(() -> new ScriptLimits(Duration.ZERO, -1, 0, 1), "0 or more");
        refused(() -> new ScriptLimits(Duration.ZERO, 0, -1, 1), "0 or more");
        refused(() -> new ScriptLimits(Duration.ZERO, 0, 0, 0), "at least 1 coroutine");
    }

    @Test
    void function_names_areSplitIntoNameAndAliases() {
        ScriptFunction get = ScriptFunction.waiting("get = load = read", "key", "Reads.", call -> null);
        ScriptFunction id = ScriptFunction.plain("id", "", "Its id.", ScriptCall::function);

        assertThat(get.name()).isEqualTo("get");
        assertThat(get.aliases()).containsExactly("load", "read");
        assertThat(get.waits()).isTrue();
        assertThat(id.aliases()).isEmpty();
        assertThat(id.waits()).isFalse();
        assertThat(id.body().call(call())).isEqualTo("State.set");
    }

    @Test
    void descriptions_areCopied() {
        List<ScriptFunction> functions =
                new ArrayList<>(List.of(ScriptFunction.plain("id", "", "Its id.", call -> null)));
        ScriptModule module = ScriptModule.of("State", "Values that last.", functions);
        ScriptObjectType type = ScriptObjectType.of("thing", Map.of(), functions);
        functions.clear();

        assertThat(module.functions()).hasSize(1);
        assertThat(module.children()).isEmpty();
        assertThat(type.methods()).hasSize(1);
        assertThat(type.bothForms()).isFalse();
    }

    @Test
    void values_several_keepNulls() {
        assertThat(ScriptValues.two("ok", true, "current", null))
                .isEqualTo(new ScriptValues(List.of("ok", "current"), Arrays.asList(true, null)));
        assertThat(ScriptSource.of("a.lua", "print(1)").text().text()).isEqualTo("print(1)");
    }

    private static void refused(ThrowingCallable call, String text) {
        assertThatThrownBy(call)
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining(text)
                .hasMessageEndingWith("[invalid_argument]");
    }

    private static void notConvertible(ThrowingCallable call, String text) {
        coded(call, ErrorCode.VALUE_NOT_CONVERTIBLE, text);
    }

    private static void tooLarge(ThrowingCallable call, String text) {
        coded(call, ErrorCode.VALUE_TOO_LARGE, text);
    }

    private static void coded(ThrowingCallable call, ErrorCode code, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        JsonValueException.class,
                        error -> assertThat(error.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    /** A handle. */
    private record Thing(String id) implements ScriptObject {
        @Override
        public ScriptObjectType type() {
            return ScriptObjectType.of("thing", Map.of(), List.of());
        }
    }

    /** Another kind of handle. */
    private record OtherThing(String id) implements ScriptObject {
        @Override
        public ScriptObjectType type() {
            return ScriptObjectType.of("other", Map.of(), List.of());
        }
    }

    /** A function that is never called. */
    private static final class NoCallback implements ScriptCallback {
        @Override
        public ScriptSession session() {
            return new NoSession();
        }

        @Override
        public String place() {
            return "a.lua:1";
        }

        @Override
        public Handle retain() {
            return Handle.noop();
        }

        @Override
        public @Nullable Object call(Caller caller, Duration limit, @Nullable Object... arguments) {
            return null;
        }

        @Override
        public CompletionStage<@Nullable Object> post(Caller caller, Duration limit, @Nullable Object... arguments) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** A session without an engine. */
    private static final class NoSession implements ScriptSession {
        @Override
        public String id() {
            return "s-1";
        }

        @Override
        public Language language() {
            return Language.LUA;
        }

        @Override
        public Caller caller() {
            return CALLER;
        }

        @Override
        public Awaiter awaiter() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Handle own(Handle handle) {
            return handle;
        }

        @Override
        public Handle busyWhile(BooleanSupplier busy) {
            return Handle.noop();
        }

        @Override
        public int nextNumber() {
            return 1;
        }
    }
}
