package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static io.llmspell.bridge.lua.Scripts.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.testing.time.ManualTime;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The global {@code State}. */
final class StateGlobalTest {
    @Test
    void setAndGet_withAndWithoutScope_findTheValue() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local a = State.set('k', {n = 1, list = {1, 2}})",
                            "local b = State.save('user:ada', 'k', 'hers')",
                            "return JSON.array {a, b, State.get('k').list[2], State.load('global', 'k').n,",
                            "  State.get('user:ada', 'k'), State.get('absent') == nil}"))
                    .isEqualTo(list(true, true, 2L, 1L, "hers", true));
            assertThat(scripts.spell
                            .state()
                            .as(scripts.spell.caller())
                            .get(StateKey.of(Scope.parse("user:ada"), "k"))
                            .orElseThrow()
                            .json())
                    .isEqualTo("hers");
        }
    }

    @Test
    void scopes_inEveryForm_areTaken() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "for _, s in ipairs {'global', 'GLOBAL', 'user:x', 'session:x', 'agent:x', 'workflow:x',",
                            "    'step:w:s', 'tool:x', 'hook:x', 'custom:x', 'system'} do",
                            "  State.set(s, 'key', s)",
                            "end",
                            "return JSON.array {State.get('key'), State.get('step:w:s', 'key'),"
                                    + " State.get('custom:system', 'key')}"))
                    .isEqualTo(list("GLOBAL", "step:w:s", "system"));
            assertThat(scripts.failure("State.get('planet:x', 'k')", "code")).isEqualTo("invalid_scope");
            assertThat(scripts.failure("State.get('planet:x', 'k')", "message"))
                    .asString()
                    .contains("user", "workflow", "custom");
            assertThat(scripts.failure("State.get('../k')", "code")).isEqualTo("invalid_key");
        }
    }

    @Test
    void setNil_removes() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "State.set('a', 1); State.set('a', nil)",
                            "State.set('user:u', 'b', 1); State.set('user:u', 'b', nil)",
                            "return JSON.array {State.exists('a'), State.exists('user:u', 'b')}"))
                    .isEqualTo(list(false, false));
        }
    }

    @Test
    void deleteExistsListAllClear_answerForTheirScope() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "for _, k in ipairs {'b', 'a', 'c'} do State.set('user:u', k, k .. k) end",
                            "local before = State.list('user:u')",
                            "local gone, again = State.delete('user:u', 'b'), State.delete('user:u', 'b')",
                            "return JSON.array {before, gone, again, State.exists('user:u', 'a'), State.keys('user:u'),",
                            "  State.list_keys('user:u'), State.listKeys('user:u'), State.all('user:u'),",
                            "  State.clear('user:u'), State.clear('user:u'), State.list('user:u'), State.list()}"))
                    .isEqualTo(list(
                            List.of("a", "b", "c"),
                            true,
                            false,
                            true,
                            List.of("a", "c"),
                            List.of("a", "c"),
                            List.of("a", "c"),
                            map("a", "aa", "c", "cc"),
                            2L,
                            0L,
                            List.of(),
                            List.of()));
        }
    }

    @Test
    void compareAndSet_expectedOrNot_tellsAndGivesTheCurrentValue() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local r = JSON.array()",
                            "local function note(ok, current) r[#r + 1] = ok; r[#r + 1] = current or 'nil' end",
                            "note(State.compare_and_set('k', nil, 1))",
                            "note(State.compare_and_set('k', nil, 2))",
                            "note(State.compareAndSet('k', 1, {x = 2}))",
                            "note(State.compare_and_set('k', {x = 2}, 3))",
                            "note(State.compare_and_set('user:u', 'k', nil, 'a'))",
                            "note(State.compare_and_set('user:u', 'k', 'z', 'b'))",
                            "note(State.compare_and_set('k', 3, nil))",
                            "note(State.exists('k'))",
                            "return r"))
                    .isEqualTo(list(
                            true,
                            1L,
                            false,
                            1L,
                            true,
                            map("x", 2L),
                            true,
                            3L,
                            true,
                            "a",
                            false,
                            "a",
                            true,
                            "nil",
                            false,
                            "nil"));
        }
    }

    @Test
    void increment_inEveryForm_adds() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "return JSON.array {State.increment('n'), State.increment('n', 4), State.increment('n', -0.5),",
                            "  State.increment('user:u', 'n'), State.increment('user:u', 'n', 10),"
                                    + " State.increment('n', nil), State.get('n')}"))
                    .isEqualTo(list(1L, 5L, 4.5, 1L, 11L, 5.5, 5.5));
            assertThat(scripts.failure("State.set('t', 'text'); State.increment('t')", "code"))
                    .isEqualTo("type_mismatch");
        }
    }

    @Test
    void increment_beyondExactIntegers_staysExact() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "State.set('n', 9007199254740992)",
                            "return JSON.array {tostring(State.increment('n')), tostring(State.increment('n')),"
                                    + " State.get('n')}"))
                    .isEqualTo(list("9007199254740993", "9007199254740994", 9007199254740994L));
        }
    }

    @Test
    void increment_beyondLongs_staysExact() {
        try (Scripts scripts = Scripts.open()) {
            scripts.spell
                    .state()
                    .as(scripts.spell.caller())
                    .put(StateKey.of(Scope.GLOBAL, "n"), BigInteger.valueOf(Long.MAX_VALUE));
            assertThat(scripts.run(
                            "return JSON.array {tostring(State.increment('n')), tostring(State.increment('n')),",
                            "  tostring(State.increment('n', -2)), tostring(State.increment('n', 1000))}"))
                    .isEqualTo(list(
                            "9223372036854775808",
                            "9223372036854775809",
                            "9223372036854775807",
                            "9223372036854776807"));
            scripts.run("State.increment('n', 0.5)");
            assertThat(scripts.spell
                            .state()
                            .as(scripts.spell.caller())
                            .get(StateKey.of(Scope.GLOBAL, "n"))
                            .orElseThrow()
                            .json())
                    .isEqualTo(new BigDecimal("9223372036854776807.5"));
            assertThat(scripts.failure("State.set('big', 1.7e308); State.increment('big', 1.7e308)", "code"))
                    .isEqualTo("value_not_convertible");
        }
    }

    @Test
    void increment_fromTwoScriptsAtOnce_losesNothing() {
        try (Scripts scripts = Scripts.open()) {
            String loop = "for i = 1, 200 do State.increment('hits'); State.increment('user:u', 'hits', 2) end";
            CompletableFuture<@Nullable Object> other = scripts.elsewhere(() -> scripts.run(loop));
            scripts.run(loop);
            scripts.waited(other);
            assertThat(scripts.run("return JSON.array {State.get('hits'), State.get('user:u', 'hits')}"))
                    .isEqualTo(list(400L, 800L));
        }
    }

    @Test
    void update_withAFunction_storesWhatItMakes() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local first = State.update('list', function(old) return old or JSON.array() end)",
                            "local second = State.update('global', 'list', function(old) old[#old + 1] = 'x'; return old end)",
                            "local gone = State.update('list', function() return nil end)",
                            "return JSON.array {first, second, gone == nil, State.exists('list')}"))
                    .isEqualTo(list(List.of(), List.of("x"), true, false));
            assertThat(scripts.failure("State.update('k', function() error('no') end)", "code"))
                    .isEqualTo("script_error");
            assertThat(scripts.failure("State.update('k', 5)", "message"))
                    .asString()
                    .contains("State.update", "fn", "a function");
        }
    }

    @Test
    void update_fromTwoScriptsAtOnce_losesNothing() {
        try (Scripts scripts = Scripts.open()) {
            String loop = "for i = 1, 60 do State.update('n', function(old) return (old or 0) + 1 end) end";
            List<CompletableFuture<@Nullable Object>> all = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                all.add(scripts.elsewhere(() -> scripts.run(loop)));
            }
            all.forEach(scripts::waited);
            assertThat(scripts.run("return State.get('n')")).isEqualTo(120L);
        }
    }

    @Test
    void batch_ofChanges_isAllOrNothing() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "State.set('old', 1); State.set('checked', 'as it was')",
                            "local done = State.batch {{op = 'check', key = 'checked', expected = 'as it was'},",
                            "  {op = 'check', key = 'absent'},",
                            "  {op = 'set', key = 'a', value = 1}, {op = 'set', scope = 'user:u', key = 'b', value = {2}},",
                            "  {op = 'delete', key = 'old'}}",
                            "return JSON.array {done, State.get('a'), State.get('user:u', 'b'), State.exists('old')}"))
                    .isEqualTo(list(true, 1L, List.of(2L), false));
            assertThat(scripts.failure(
                            "State.batch {{op = 'set', key = 'c', value = 1},"
                                    + " {op = 'check', key = 'a', expected = 'other'}}",
                            "code"))
                    .isEqualTo("state_conflict");
            assertThat(scripts.run("return State.exists('c')")).isEqualTo(false);
            assertThat(scripts.failure("State.batch {{op = 'move', key = 'c'}}", "message"))
                    .asString()
                    .contains("set, delete or check");
            assertThat(scripts.failure("State.batch {{op = 'set', kee = 'c', value = 1}}", "message"))
                    .asString()
                    .contains("did you mean \"key\"");
        }
    }

    @Test
    void compareAndSet_lost_isToldAsAConflict() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = JSON.array()",
                            "Hook.register('StateConflict', function(ctx) seen[#seen + 1] = ctx.data.key end,"
                                    + " {timeout_ms = 20000})",
                            "Event.subscribe('state.conflict', function(e) seen[#seen + 1] = e.type end)",
                            "State.set('k', 1)",
                            "local ok, current = State.compare_and_set('k', 5, 6)",
                            "for _ = 1, 600 do if #seen == 2 then break end Event.run(0.05) end",
                            "seen[#seen + 1] = ok; seen[#seen + 1] = current; seen[#seen + 1] = State.get('k')",
                            "return seen"))
                    .isEqualTo(list("k", "state.conflict", false, 1L, 1L));
        }
    }

    @Test
    void compareAndSet_keepsWhatTheValueIsKeptAs() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = JSON.array()",
                            "State.set('global', 'k', 'old words', {class = 'sensitive'})",
                            "Hook.register('BeforeStateWrite', function(ctx) seen[#seen + 1] = ctx.data.class end,"
                                    + " {timeout_ms = 20000})",
                            "local done = State.compare_and_set('k', 'old words', 'new words')",
                            "local now = State.get('k')",
                            "seen[#seen + 1] = done; seen[#seen + 1] = now",
                            "return seen"))
                    .isEqualTo(list("sensitive", true, "new words"));
        }
    }

    @Test
    void batch_setsNil_removesAsSetDoes() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "State.set('a', 1); State.set('b', 2)",
                            "State.batch {{op = 'set', key = 'a'}, {op = 'set', key = 'b', value = JSON.null}}",
                            "return JSON.array {State.exists('a'), State.exists('b')}"))
                    .isEqualTo(list(false, false));
        }
    }

    @Test
    void set_unknownClass_isRefusedNamingTheFunction() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("State.set('global', 'a', 1, {class = 'secret'})", "message"))
                    .asString()
                    .contains("State.set", "\"secret\"", "sensitive");
        }
    }

    @Test
    void ttl_whenItIsOver_theValueIsGone() {
        ManualTime time = new ManualTime();
        try (Scripts scripts = Scripts.open(builder -> builder.time(time))) {
            scripts.run("State.set('global', 'k', 1, {ttl_seconds = 10}); State.set('global', 'stays', 1)");
            time.advance(Duration.ofSeconds(9));
            assertThat(scripts.run("return State.get('k')")).isEqualTo(1L);
            time.advance(Duration.ofSeconds(2));
            assertThat(scripts.run("return JSON.array {State.exists('k'), State.list()}"))
                    .isEqualTo(list(false, List.of("stays")));
        }
    }

    @Test
    void options_unknownOrWrong_areRefusedWithTheNearest() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("State.set('global', 'k', 1, {ttl_second = 1})", "message"))
                    .asString()
                    .contains("State.set", "ttl_second", "did you mean \"ttl_seconds\"");
            assertThat(scripts.failure("State.set('global', 'k', 1, {class = 'secret'})", "message"))
                    .asString()
                    .contains("sensitive");
            assertThat(scripts.failure("State.set('global', 'k', 1, {ttl_seconds = 'long'})", "code"))
                    .isEqualTo("invalid_argument");
        }
    }

    @Test
    void value_tooLargeOrNotConvertible_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("State.set('k', string.rep('x', 1100000))", "code"))
                    .isEqualTo("value_too_large");
            assertThat(scripts.failure("State.set('k', {f = print})", "code")).isEqualTo("value_not_convertible");
            assertThat(scripts.failure("State.set('k', {list = {1, 0/0}})", "details.path"))
                    .isEqualTo("value.list[1]");
            assertThat(scripts.run("return State.exists('k')")).isEqualTo(false);
        }
    }

    @Test
    void wrongArguments_nameFunctionArgumentAndType() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("State.get()", "message"))
                    .isEqualTo("State.get: argument 1 (key) must be a text, but is nil");
            assertThat(scripts.failure("State.get({}, 'k')", "message"))
                    .isEqualTo("State.get: argument 1 (scope) must be a text, but is a map");
        }
    }

    @Test
    void write_vetoedByAHook_isCancelled() {
        try (Scripts scripts = Scripts.open()) {
            scripts.spell
                    .hooks()
                    .register(HookPoint.BEFORE_STATE_WRITE, "no-writes", context -> HookResult.cancel("read only"));
            assertThat(scripts.failure("State.set('k', 1)", "code")).isEqualTo("operation_cancelled");
            assertThat(scripts.failure("State.set('k', 1)", "hook")).isEqualTo("no-writes");
            assertThat(scripts.failure("State.set('k', 1)", "reason")).isEqualTo("read only");
            assertThat(scripts.run("return State.exists('k')")).isEqualTo(false);
        }
    }
}
