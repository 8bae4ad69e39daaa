package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The global {@code Event}. */
final class EventGlobalTest {
    @Test
    void publish_inEveryForm_reachesJava() {
        try (Scripts scripts = Scripts.open();
                EventInbox inbox = scripts.inbox("my.*")) {
            assertThat(scripts.run(
                            "return JSON.array {Event.publish('my.one'), Event.emit('my.two', {n = 1}),",
                            "  Event.publish {event_type = 'my.three', payload = {n = 2}, tags = {'x'}},"
                                    + " Event.publish {type = 'my.four', data = 'text'}}"))
                    .isEqualTo(list(true, true, true, true));
            assertThat(scripts.next(inbox).payload()).isEqualTo(Map.of());
            UniversalEvent two = scripts.next(inbox);
            assertThat(two.type()).isEqualTo("my.two");
            assertThat(two.payload()).isEqualTo(Map.of("n", 1L));
            assertThat(two.language()).isEqualTo(Language.LUA);
            assertThat(scripts.next(inbox).tags()).containsExactly("x");
            assertThat(scripts.next(inbox).payload()).isEqualTo("text");
        }
    }

    @Test
    void publish_options_areAllRead() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local sub = Event.subscribe('my.event')",
                            "Event.publish('my.event', {n = 1}, {correlation_id = 'run-9', causation_id = 'cause-1',",
                            "  language = 'java', tags = {'b', 'a'}, priority = 'high', target = 'someone', ttl_seconds = 60,",
                            "  source = {component = 'sensor', instance_id = '00000000-0000-0000-0000-000000000007'},",
                            "  metadata = {mine = 5}})",
                            "local e = sub:receive(5000)",
                            "return JSON.array {e.correlation_id, e.causation_id, e.language, e.metadata.tags, e.metadata.priority,",
                            "  e.target, e.ttl, e.source.component, e.source.instance_id, e.metadata.mine,",
                            "  e.metadata.correlation_id, e.metadata.source}"))
                    .isEqualTo(list(
                            "run-9",
                            "cause-1",
                            "java",
                            List.of("a", "b"),
                            "high",
                            "someone",
                            60L,
                            "sensor",
                            "00000000-0000-0000-0000-000000000007",
                            5L,
                            "run-9",
                            "sensor"));
        }
    }

    @Test
    void publish_priorityThatIsANumber_isThatOfTheEvent() {
        try (Scripts scripts = Scripts.open()) {
            List<Integer> heard = new CopyOnWriteArrayList<>();
            scripts.spell
                    .events()
                    .subscribe(
                            "my.*",
                            SubscribeOptions.DEFAULT.onPublisherThread(),
                            (event, again) -> heard.add(event.priority()),
                            scripts.spell.caller());
            assertThat(scripts.run(
                            "local sub = Event.subscribe('my.event')",
                            "Event.publish('my.event', {}, {priority = 7})",
                            "return sub:receive(20000).metadata.priority"))
                    .isEqualTo(7L);
            assertThat(heard).containsExactly(7);
        }
    }

    @Test
    void publish_wrongly_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("Event.publish('a', {}, {tags = {('x'):rep(300)}})", "code"))
                    .isEqualTo("invalid_event");
            assertThat(scripts.failure("Event.publish('a', {}, {causation_id = ('x'):rep(300)})", "code"))
                    .isEqualTo("invalid_event");
            assertThat(scripts.failure("Event.publish('a', {}, {priority = 1.5})", "message"))
                    .asString()
                    .contains("a whole number");
            assertThat(scripts.failure("Event.publish('a', {}, {source = {componnt = 'x'}})", "message"))
                    .asString()
                    .contains("did you mean \"component\"");
            assertThat(scripts.failure("Event.publish('a', {}, {language = 'lau'})", "message"))
                    .asString()
                    .contains("did you mean \"lua\"");
            assertThat(scripts.failure("Event.subscribe('a', {language = 'klingon'})", "code"))
                    .isEqualTo("invalid_argument");
            assertThat(scripts.failure("Hook.list {language = 'lau'}", "message"))
                    .asString()
                    .contains("did you mean \"lua\"");
            assertThat(scripts.failure("Event.timeline {languages = {'lau'}}", "code"))
                    .isEqualTo("invalid_argument");
            assertThat(scripts.failure("Event.publish('a..b')", "code")).isEqualTo("invalid_event");
            assertThat(scripts.failure("Event.publish('a.*')", "code")).isEqualTo("invalid_event");
            assertThat(scripts.failure("Event.publish('')", "code")).isEqualTo("invalid_event");
            assertThat(scripts.failure("Event.publish {data = 1}", "code")).isEqualTo("invalid_argument");
            assertThat(scripts.failure("Event.publish('a', {}, {tag = {'x'}})", "message"))
                    .isEqualTo("Event.publish: unknown option \"tag\", did you mean \"tags\"?");
            assertThat(scripts.failure("Event.publish('a', {f = print})", "code"))
                    .isEqualTo("value_not_convertible");
            assertThat(scripts.failure("Event.publish('a', {}, {ttl_seconds = 0})", "code"))
                    .isEqualTo("invalid_event");
            assertThat(scripts.failure("Event.publish('a', {}, {correlation_id = 'a\\nb'})", "code"))
                    .isEqualTo("invalid_argument");
            assertThat(scripts.failure("Event.publish('a', {}, {source = {instance_id = 'x'}})", "message"))
                    .asString()
                    .contains("a UUID");
        }
    }

    @Test
    void event_hasTheMembersOfTheReference() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local sub = Event.subscribe('my.event')",
                                    "Event.publish('my.event', {n = 1})",
                                    "local e = Event.receive(sub)",
                                    "return JSON.array {#e.id, e.event_type, e.type, e.data.n, e.payload.n,",
                                    "  e.timestamp:match('^%d+%-%d+%-%d+T[%d:.]+Z$') ~= nil, e.sequence > 0, #e.correlation_id > 0,",
                                    "  e.language, e.ttl == nil, e.source.language, type(e.source.component), e.schema_version == e.version}"))
                    .isEqualTo(list(
                            36L, "my.event", "my.event", 1L, 1L, true, true, true, "lua", true, "lua", "string", true));
        }
    }

    @Test
    void receive_orderTimeoutAndPoll() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local sub = Event.subscribe('n.*')",
                            "local r = JSON.array {sub:receive(0) == nil, Event.receive(sub, 20) == nil}",
                            "for i = 1, 3 do Event.publish('n.' .. i, {i = i}) end",
                            "r[3] = sub:receive(5000).data.i; r[4] = Event.receive(sub, 5000).data.i",
                            "r[5] = Event.receive(sub:stats() and tostring(sub), 5000).data.i",
                            "return r"))
                    .isEqualTo(list(true, true, 1L, 2L, 3L));
            assertThat(scripts.failure("Event.receive('nobody')", "code")).isEqualTo("unknown_subscription");
            assertThat(scripts.failure("Event.receive('nobody')", "message"))
                    .isEqualTo("No active subscription found: nobody");
            assertThat(scripts.failure("Event.receive(Event.subscribe('a'), -1)", "code"))
                    .isEqualTo("invalid_argument");
        }
    }

    @Test
    void receiveBatch_givesWhatIsThereInTime() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local sub = Event.subscribe('n')",
                            "for i = 1, 5 do Event.publish('n', {i = i}) end",
                            "local a = sub:receive_batch {max_events = 3, timeout_ms = 5000}",
                            "local b = Event.receiveBatch(sub, {max_events = 2, timeout_ms = 20000})",
                            "local c = sub:receiveBatch {timeout_ms = 0}",
                            "return JSON.array {#a, a[3].data.i, #b, b[2].data.i, JSON.stringify(c)}"))
                    .isEqualTo(list(3L, 3L, 2L, 5L, "[]"));
            assertThat(scripts.failure("Event.receive_batch(Event.subscribe('a'), {max = 1})", "code"))
                    .isEqualTo("invalid_argument");
        }
    }

    @Test
    void patterns_chooseEvents() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local function count(patterns)",
                            "  local sub = Event.subscribe(patterns)",
                            "  for _, t in ipairs {'t.user.a', 't.user.a.b', 't.order.a', 't.x'} do Event.publish(t) end",
                            "  local n = #sub:receive_batch {timeout_ms = 30}",
                            "  sub:unsubscribe()",
                            "  return n end",
                            "return JSON.array {count('t.user.*'), count('t.*.a'), count {'t.user.a', 't.order.*'}, count('t.**'),",
                            "  count('t.[uo]*.a'), count('t.{x,order}.**')}"))
                    .isEqualTo(list(2L, 2L, 2L, 4L, 2L, 2L));
            assertThat(scripts.failure("Event.subscribe('a.[')", "code")).isEqualTo("invalid_pattern");
            assertThat(scripts.failure("Event.subscribe({})", "code")).isEqualTo("invalid_argument");
        }
    }

    @Test
    void handler_inEveryForm_isCalledInTheRunOfTheEvent() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(
                    "Event.on('my.event', function(e) print('on', e.data.n) end)",
                    "Event.subscribe('my.event', function(e) print('subscribe', e.data.n) end)",
                    "Event.subscribe('my.event', {filter = function(e) return e.data.n > 1 end},"
                            + " function(e) print('filtered', e.data.n) end)",
                    "Event.publish('my.event', {n = 1})",
                    "Event.publish('my.event', {n = 2})");
            assertThat(scripts.output().split("\n"))
                    .containsExactlyInAnyOrder("on\t1", "on\t2", "subscribe\t1", "subscribe\t2", "filtered\t2");
            assertThat(scripts.failure("Event.on('a')", "message")).asString().contains("fn", "a function");
        }
    }

    @Test
    void handler_thatFails_disturbsNobody() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(
                    "Hook.register('EventHandlerError', function(ctx) print('error seen') Event.stop() end,",
                    "  {timeout_ms = 5000})",
                    "Event.on('my.event', function(e) error('broken') end)",
                    "Event.on('my.event', function(e) print('fine', e.data.n) end)",
                    "Event.publish('my.event', {n = 1})",
                    "Event.run(20)");
            assertThat(scripts.output()).contains("fine\t1").contains("error seen");
        }
    }

    @Test
    void filter_ofAReceiver_passesSomeOnly() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local sub = Event.subscribe('n', {filter = function(e) return e.data.i % 2 == 0 end})",
                            "for i = 1, 6 do Event.publish('n', {i = i}) end",
                            "local r = JSON.array()",
                            "for i, e in ipairs(sub:receive_batch {max_events = 3, timeout_ms = 20000}) do r[i] = e.data.i end",
                            "return r"))
                    .isEqualTo(List.of(2L, 4L, 6L));
        }
    }

    @Test
    void language_ofASubscription_choosesEvents() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local sub = Event.subscribe('n', {language = 'java'})",
                            "Event.publish('n', {i = 1}); Event.publish('n', {i = 2}, {language = 'java'})",
                            "return sub:receive(5000).data.i"))
                    .isEqualTo(2L);
        }
    }

    @Test
    void unsubscribe_inEveryForm_ends() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local a, b, c, d = Event.subscribe('x'), Event.subscribe('x'), Event.subscribe('y'), Event.subscribe('y')",
                                    "return JSON.array {Event.unsubscribe(a), Event.unsubscribe(a), a:unsubscribe(), b:unsubscribe(),",
                                    "  b:unsubscribe(), Event.unsubscribe(tostring(c)), Event.unsubscribe(tostring(c)),",
                                    "  Event.unsubscribe_pattern('y'), Event.unsubscribePattern('y'), #Event.list_subscriptions()}"))
                    .isEqualTo(list(true, false, false, true, false, true, false, 1L, 0L, 0L));
            assertThat(scripts.failure("local s = Event.subscribe('x') s:unsubscribe() s:receive(0)", "code"))
                    .isEqualTo("unknown_subscription");
        }
    }

    @Test
    void subscriptions_beyondTheLimit_areRefused_untilOneIsGone() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local last",
                            "for i = 1, 10000 do last = Event.subscribe('quiet') end",
                            "local ok, e = pcall(Event.subscribe, 'quiet')",
                            "last:unsubscribe()",
                            "return JSON.array {ok, e.code, e.details.limit, (pcall(Event.subscribe, 'quiet'))}"))
                    .isEqualTo(list(false, "limit_exceeded", "scripts.limits.max_subscriptions", true));
        }
    }

    @Test
    void stats_andList_count() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local sub = Event.subscribe('n.*')",
                            "Event.subscribe({'a', 'b'})",
                            "local before = Event.get_stats().event_bus_stats.events_published",
                            "for i = 1, 3 do Event.publish('n.' .. i) end",
                            "sub:receive(5000)",
                            "local s, all, rows = sub:stats(), Event.getStats(), Event.listSubscriptions()",
                            "local mine = rows[1].id == tostring(sub) and rows[1] or rows[2]",
                            "return JSON.array {s.total_received, s.dropped, Event.subscription_stats(sub).queue_size, mine.pattern,",
                            "  mine.language, mine.queue_size, #rows, all.event_bus_stats.events_published - before,",
                            "  all.bridge_stats.active_subscriptions, all.bridge_stats.subscriptions_by_language.lua}"))
                    .isEqualTo(list(3L, 0L, 2L, "n.*", "lua", 2L, 2L, 3L, 2L, 2L));
        }
    }

    @Test
    void queue_thatIsFull_dropsAsAsked() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local function first(options)",
                                    "  local sub = Event.subscribe('n', options)",
                                    "  for i = 1, 5 do Event.publish('n', {i = i}) end",
                                    "  local e = sub:receive(5000)",
                                    "  local r = {e.data.i, sub:stats().dropped}",
                                    "  sub:unsubscribe() return r end",
                                    "return JSON.array {first {max_queue_size = 2}, first {max_queue_size = 2, backpressure = 'drop_newest'}}"))
                    .isEqualTo(list(list(4L, 3L), list(1L, 3L)));
            assertThat(scripts.failure("Event.subscribe('n', {backpressure = 'lose'})", "message"))
                    .asString()
                    .contains("drop_oldest, drop_newest, block or reject");
            assertThat(scripts.failure("Event.subscribe('n', {max_queue = 5})", "message"))
                    .asString()
                    .contains("max_queue_size");
            assertThat(scripts.failure(
                            "local s = Event.subscribe('n', {max_queue_size = 1, backpressure = 'reject'})"
                                    + " Event.publish('n') Event.publish('n')",
                            "code"))
                    .isEqualTo("event_rejected");
        }
    }

    @Test
    void run_servesUntilStop() {
        try (Scripts scripts = Scripts.open()) {
            CompletableFuture<@Nullable Object> script = scripts.elsewhere(() -> scripts.run(
                    "local n = 0",
                    "Event.on('tick', function(e) n = n + 1; if e.data.last then Event.stop() end end)",
                    "Event.run(20)",
                    "return n"));
            Awaitility.await().until(() -> scripts.spell.events().stats().subscriptions() > 0);
            Component source = Component.named(ComponentType.SYSTEM, "test");
            for (int i = 1; i <= 3; i++) {
                scripts.spell
                        .events()
                        .publish(EventDraft.of("tick", JsonObject.of("last", i == 3), source), scripts.spell.caller())
                        .orThrow();
            }
            assertThat(scripts.waited(script)).isEqualTo(3L);
            assertThat(scripts.run("return JSON.array {Event.run(0.01), Event.stop()}"))
                    .isEqualTo(list(true, false));
        }
    }

    @Test
    void correlation_ofAScript_connectsItsEvents() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local all = Event.subscribe('**')",
                                    "State.set('k', 1); Tool.calculator {input = '1'}; Event.publish('my.event')",
                                    "local ids, types = {}, {}",
                                    "local function wanted() return types['state.changed'] and types['tool.completed']"
                                            + " and types['my.event'] end",
                                    "for _ = 1, 3000 do if wanted() then break end",
                                    "  for _, e in ipairs(all:receive_batch {timeout_ms = 10}) do ids[e.correlation_id] = true",
                                    "    types[e.event_type] = true end end",
                                    "local n = 0 for _ in pairs(ids) do n = n + 1 end",
                                    "return JSON.array {n, types['state.changed'], types['tool.completed'], types['my.event']}"))
                    .isEqualTo(list(1L, true, true, true));
        }
    }

    @Test
    void eventsOfTheRuntime_areRedacted() {
        try (Scripts scripts = Scripts.open();
                EventInbox inbox = scripts.inbox("**")) {
            String secret = "sk-abcdefghijklmnop" + "q1".repeat(20);
            scripts.run(
                    "State.set('note', {api_key = 'hunter2-hunter2', text = '" + secret + "'})",
                    "Tool.register {name = 'leak', execute = function(p) error('failed with " + secret + "') end,"
                            + " parameters = {{name = 'password'}}}",
                    "Tool.leak {password = 'pa55word'}",
                    "Agent.create({name = 'a', model = 'offline/echo'}):invoke('my key is " + secret + "')");
            scripts.failure("error('uncaught " + secret + "')", "x");
            StringBuilder seen = new StringBuilder();
            for (UniversalEvent event = inbox.poll().orElse(null);
                    event != null;
                    event = inbox.poll().orElse(null)) {
                seen.append(event.type()).append(' ').append(event.payload()).append('\n');
            }
            assertThat(seen.toString())
                    .contains("state.changed", "tool.failed", "script.completed")
                    .doesNotContain("sk-abcdefghijklmnop")
                    .doesNotContain("hunter2")
                    .doesNotContain("pa55word");
        }
    }

    @Test
    void scriptFailure_isAnEvent_withoutSecrets() {
        try (Scripts scripts = Scripts.open();
                EventInbox inbox = scripts.inbox("script.*")) {
            String secret = "sk-abcdefghijklmnop" + "q1".repeat(20);
            assertThat(catchThrowable(() -> scripts.run("error('it was " + secret + "')")))
                    .isNotNull();
            assertThat(scripts.next(inbox).type()).isEqualTo("script.started");
            UniversalEvent failed = scripts.next(inbox);
            assertThat(failed.type()).isEqualTo("script.failed");
            assertThat(String.valueOf(failed.payload()))
                    .contains("script_error", "lua", "it was")
                    .doesNotContain("sk-abcdefghijklmnop");
        }
    }

    @Test
    void exitOfAScript_isAnEventToo() {
        try (Scripts scripts = Scripts.open();
                EventInbox inbox = scripts.inbox("script.completed")) {
            assertThat(catchThrowable(() -> scripts.run("os.exit(3)"))).isNotNull();
            assertThat(String.valueOf(scripts.next(inbox).payload()))
                    .contains("exit")
                    .contains("3");
        }
    }

    @Test
    void publish_insideAHandler_isServedToo() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(
                    "Event.on('a', function() Event.publish('b') end)",
                    "Event.on('b', function() print('b came') end)",
                    "Event.publish('a')");
            assertThat(scripts.output()).isEqualTo("b came\n");
        }
    }
}
