package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code State.watch}. */
@Timeout(60)
final class StateWatchGlobalTest {
    @Test
    void watch_changesOfTheScope_areToldInOrderBeforeTheScriptEnds() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(
                    "State.watch('user:ada', 'n_*', function(e)",
                    "  print(e.scope, e.key, e.old_value, e.new_value)",
                    "end)",
                    "State.set('user:ada', 'n_1', 1)",
                    "State.set('user:ada', 'other', 1)",
                    "State.set('n_1', 'global')",
                    "State.increment('user:ada', 'n_1', 4)",
                    "State.batch {{op = 'set', scope = 'user:ada', key = 'n_2', value = {a = 1}},",
                    "  {op = 'delete', scope = 'user:ada', key = 'n_1'}}");

            assertThat(scripts.output())
                    .startsWith("user:ada\tn_1\tnil\t1\nuser:ada\tn_1\t1\t5\nuser:ada\tn_2\tnil\ttable")
                    .endsWith("user:ada\tn_1\t5\tnil\n")
                    .hasLineCount(4);
        }
    }

    @Test
    void watch_ofTheScopeTextSession_isOfTheCurrentSession() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local told",
                            "State.watch('session', '*', function(e) told = e.scope == 'session:' .. Session.current().id end)",
                            "State.set('session', 'k', 1)",
                            "while told == nil do Event.run(0.01) end",
                            "return told"))
                    .isEqualTo(true);
        }
    }

    @Test
    void watch_unsubscribed_hearsNothingMore() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local seen = 0",
                                    "local sub = State.watch('global', '*', function() seen = seen + 1 end)",
                                    "State.set('a', 1)",
                                    "while sub:stats().handled == 0 do Event.run(0.01) end",
                                    "local before = sub:stats()",
                                    "local first, second = sub:unsubscribe(), sub:unsubscribe()",
                                    "State.set('a', 2)",
                                    "Event.run(0.1)",
                                    "return JSON.array {seen, before.handled, before.active, first, second, sub:stats().active}"))
                    .isEqualTo(list(1L, 1L, true, true, false, false));
        }
    }

    @Test
    void watch_ofTheWritesOfItsOwnFunction_goesOn() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(
                    "State.watch('global', 'n', function(e)",
                    "  if e.new_value < 5 then State.set('n', e.new_value + 1) end",
                    "end)",
                    "State.set('n', 1)");
            assertThat(scripts.run("return State.get('n')")).isEqualTo(5L);
        }
    }

    @Test
    void watch_functionThatFails_hearsTheRest() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = {}",
                            "local sub = State.watch('global', '*', function(e)",
                            "  seen[#seen + 1] = e.key",
                            "  if e.key == 'a' then error('broken') end",
                            "end)",
                            "State.set('a', 1) State.set('b', 1)",
                            "while sub:stats().handled < 2 do Event.run(0.01) end",
                            "return JSON.array {seen[1], seen[2], sub:stats().failed}"))
                    .isEqualTo(list("a", "b", 1L));
        }
    }

    @Test
    void watch_ofOneScript_endsWithIt() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run("State.watch('global', '*', function(e) print('told', e.key) end)");
            scripts.run("State.set('late', 1)");
            assertThat(scripts.output()).isEmpty();
        }
    }

    @Test
    void watch_guardOfReads_keepsBack() {
        try (Scripts scripts = Scripts.open()) {
            scripts.spell
                    .hooks()
                    .register(
                            HookPoint.BEFORE_STATE_READ,
                            HookOptions.builder("guard")
                                    .failurePolicy(FailurePolicy.FAIL_CLOSED)
                                    .build(),
                            context -> String.valueOf(context.data()).contains("hidden")
                                    ? HookResult.cancel("not for you")
                                    : HookResult.proceed());
            scripts.run(
                    "State.watch('global', '*', function(e) print(e.key) end)",
                    "State.set('hidden', 1) State.set('shown', 1)");
            assertThat(scripts.output()).isEqualTo("shown\n");
        }
    }

    @Test
    void watch_wrongArguments_areNamed() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("State.watch('global', 'k')", "message"))
                    .isEqualTo("State.watch: argument 3 (fn) must be a function, but is nil");
            assertThat(scripts.failure("State.watch('agnet:x', 'k', print)", "code"))
                    .isEqualTo("invalid_scope");
            assertThat(scripts.failure("State.watch('global', '', print)", "message"))
                    .asString()
                    .contains("1 to 1,024 characters");
            assertThat(scripts.failure("for i = 1, 1001 do State.watch('global', 'k', print) end", "code"))
                    .isEqualTo("limit_exceeded");
        }
    }

    /** Each form of the reference that no other test of State uses. */
    @Test
    void forms_ofTheReference_areTaken() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "State.save('user:u', 'k', 1)",
                            "State.set('user:u', 'gone', 1)",
                            "State.set('user:u', 'gone', nil)",
                            "local f = function(old) return (old or 0) + 1 end",
                            "return JSON.array {State.exists('user:u', 'gone'), #State.keys('user:u'),",
                            "  #State.list_keys('user:u'), State.all('user:u').k, State.update('user:u', 'k', f),",
                            "  State.update('n', f, 'ignored'), State.delete('user:u', 'k'), State.delete('user:u', 'k'),",
                            "  State.clear('user:u')}"))
                    .isEqualTo(list(false, 1L, 1L, 1L, 2L, 1L, true, false, 0L));
            assertThat(scripts.run(
                            "local ok, now = State.compare_and_set('user:u', 'c', nil, 1)",
                            "local second, present = State.compare_and_set('user:u', 'c', nil, 2)",
                            "return JSON.array {ok, now, second, present}"))
                    .isEqualTo(list(true, 1L, false, 1L));
            assertThat(scripts.failure(
                            "State.batch {{op = 'check', key = 'n', expected = 9}, {op = 'set', key = 'm', value = 1}}",
                            "code"))
                    .isEqualTo("state_conflict");
            assertThat(scripts.failure("State.set('global', 'k', 1, {class = 'trusted'})", "code"))
                    .isEqualTo("access_denied");
        }
    }

    /** The time to live of a counter is not made longer by counting. */
    @Test
    void increment_keepsTheTimeToLive() {
        ManualTime time = new ManualTime();
        try (Scripts scripts = Scripts.open(builder -> builder.time(time))) {
            scripts.run("State.set('global', 'n', 1, {ttl_seconds = 10})");
            time.advance(Duration.ofSeconds(6));
            assertThat(scripts.run("return State.increment('n')")).isEqualTo(2L);
            time.advance(Duration.ofSeconds(5));
            assertThat(scripts.run("return State.exists('n')")).isEqualTo(false);
        }
    }
}
