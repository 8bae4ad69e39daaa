package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.testing.time.ManualTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code Event} remembers, and how fast it hands events out. */
final class EventJournalGlobalTest {
    private static final String FIVE = "for i = 1, 5 do Event.publish(i % 2 == 0 and 'job.even' or 'job.odd', {n = i},"
            + " {correlation_id = 'run-' .. i % 2, tags = {'t' .. i}, source = {component = i > 3 and 'late' or 'early'}}) end";

    @Test
    void query_conditions_allHold() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    FIVE,
                                    "local function n(query) local all = {} for _, e in ipairs(Event.query(query)) do"
                                            + " all[#all + 1] = tostring(e.data.n) end return table.concat(all, ' ') end",
                                    "local third = Event.query({event_type = 'job.*'})[3]",
                                    "return JSON.array {n {event_type = 'job.*'}, n {event_type = 'job.odd'},",
                                    "  n {event_type = {'job.even', 'nothing'}}, n {correlation_id = 'run-1', component = 'late'},",
                                    "  n {tags = {'t2', 't3'}}, n {event_type = 'job.*', limit = 2},",
                                    "  n {event_type = 'job.*', after_sequence = third.sequence},",
                                    "  n {event_type = 'job.*', filters = {['data.n'] = {'>=', 4}}},",
                                    "  n {event_type = 'job.*', filters = {['data.n'] = 2}},",
                                    "  n {filters = {['source.component'] = {'in', {'late'}}, ['metadata.tags'] = {'contains', 't5'}}},",
                                    "  n {event_type = 'job.*', start_time = third.timestamp, end_time = '2999-01-01T00:00:00+01:00'},",
                                    "  n {event_type = 'job.*', end_time = 1000}, n {event_type = 'job.*', filters = {['data.x'] = {'<', 4}}}}"))
                    .isEqualTo(list(
                            "1 2 3 4 5", "1 3 5", "2 4", "5", "2 3", "1 2", "4 5", "4 5", "2", "5", "3 4 5", "", ""));
        }
    }

    @Test
    void query_wrongly_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("Event.query {event_typ = 'a'}", "message"))
                    .isEqualTo("Event.query: unknown option \"event_typ\", did you mean \"event_type\"?");
            assertThat(scripts.failure("Event.query {event_type = 'a.['}", "code"))
                    .isEqualTo("invalid_pattern");
            assertThat(scripts.failure("Event.query {start_time = 'noon'}", "message"))
                    .asString()
                    .contains("must be a time such as");
            assertThat(scripts.failure("Event.query {start_time = {}}", "code")).isEqualTo("invalid_argument");
            assertThat(scripts.failure("Event.query {filters = {x = {'=>', 1}}}", "message"))
                    .asString()
                    .contains("unknown comparison \"=>\"");
            assertThat(scripts.failure("Event.query {limit = -1}", "code")).isEqualTo("invalid_argument");
            assertThat(scripts.failure("Event.replay({}, {to = 'log'})", "code"))
                    .isEqualTo("invalid_argument");
            assertThat(scripts.failure("Event.timeline {sort_order = 'time'}", "code"))
                    .isEqualTo("invalid_argument");
            assertThat(scripts.failure("Event.timeline {causality_depth_range = {1}}", "code"))
                    .isEqualTo("invalid_argument");
        }
    }

    @Test
    void query_secrets_areMasked() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Event.publish('a', {password = 'hunter22'})",
                            "return Event.query({event_type = 'a'})[1].data.password"))
                    .asString()
                    .matches("\\[REDACTED:[0-9a-f]{12}]");
        }
    }

    @Test
    void journal_switchedOff_saysSo() {
        Map<String, Object> off = Map.of("events", Map.of("journal", Map.of("enabled", false)));
        try (Scripts scripts = Scripts.configured(off)) {
            assertThat(scripts.failure("Event.query {}", "code")).isEqualTo("invalid_state");
            assertThat(scripts.failure("Event.publish('a', {}, {persistent = true})", "code"))
                    .isEqualTo("invalid_event");
            assertThat(scripts.run("return Event.publish('a')")).isEqualTo(true);
        }
    }

    @Test
    void publish_persistent_isInTheStoreWhenItReturns() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run("return Event.publish('a.b', {}, {persistent = true})"))
                    .isEqualTo(true);
            assertThat(scripts.spell.events().journal().orElseThrow().stats().appended())
                    .isPositive();
        }
    }

    @Test
    void replay_toAFunctionOrTheBus_bringsTheEventsAgain() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            FIVE,
                            "local seen = {}",
                            "local count = Event.replay({event_type = 'job.odd'}, {to = function(e) seen[#seen + 1] = e.data.n end})",
                            "local sub = Event.subscribe('job.even')",
                            "local again = Event.replay({event_type = 'job.even', limit = 1}, {to = 'publish'})",
                            "local e = Event.receive(sub)",
                            "return JSON.array {count, table.concat(seen, ' '), again, e.data.n, e.correlation_id,"
                                    + " e.metadata.replay_of ~= nil, e.source.component}"))
                    .isEqualTo(list(3L, "1 3 5", 1L, 2L, "run-0", true, "early"));
        }
    }

    @Test
    void timeline_run_hasCausesAndFigures() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Event.publish('quiz.request', {}, {correlation_id = 'r', source = {component = 'a'}})",
                            "local first = Event.query({event_type = 'quiz.request'})[1]",
                            "Event.publish('quiz.response', {}, {correlation_id = 'r', source = {component = 'b'}})",
                            "Event.publish('quiz.over', {}, {correlation_id = 'r', causation_id = first.id})",
                            "local t = Event.timeline('r')",
                            "local leafs = Event.timeline {correlation_ids = {'r'}, leaf_effects_only = true,"
                                    + " sort_order = 'chronological_desc'}",
                            "return JSON.array {#t.entries, t.entries[2].causes[1].relationship, t.entries[3].causes[1].relationship,",
                            "  t.entries[3].causality_depth, t.entries[1].effects[1] == t.entries[2].event.id, #t.causal_chains,",
                            "  t.stats.components, leafs.entries[1].event.event_type, leafs.entries[1].position}"))
                    .isEqualTo(list(3L, "response_to", "caused_by", 1L, true, 2L, 3L, "quiz.over", 1L));
        }
    }

    @Test
    void subscribe_batches_handlerGetsSeveralAtOnce() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local sizes, numbers = {}, {}",
                            "Event.on('b', function(events) sizes[#sizes + 1] = #events",
                            "  for _, e in ipairs(events) do numbers[#numbers + 1] = e.data.n end end,",
                            "  {batch_size = 3, batch_ms = 50, filter = function(e) return e.data.n ~= 4 end})",
                            "for i = 1, 6 do Event.publish('b', {n = i}) end",
                            "while #numbers < 5 do Event.run(0.02) end",
                            "return table.concat(sizes, ' ') .. ' / ' .. table.concat(numbers, ' ')"))
                    .isEqualTo("3 2 / 1 2 3 5 6");
        }
    }

    @Test
    void subscribe_batchOptionsWithoutHandler_areThoseOfReceiveBatch() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local sub = Event.subscribe('b', {batch_size = 2, batch_ms = 20})",
                                    "for i = 1, 3 do Event.publish('b', {n = i}) end",
                                    "return JSON.array {#Event.receive_batch(sub), #Event.receive_batch(sub), #Event.receive_batch(sub)}"))
                    .isEqualTo(List.of(2L, 1L, 0L));
        }
    }

    @Test
    void subscribe_throttle_leavesOutAndCounts() {
        try (Scripts scripts = Scripts.open(builder -> builder.time(new ManualTime()))) {
            assertThat(scripts.run(
                            "local sub = Event.subscribe('b', {throttle_per_second = 2})",
                            "for i = 1, 5 do Event.publish('b', {n = i}) end",
                            "local got = Event.receive_batch(sub, {timeout_ms = 0})",
                            "return JSON.array {#got, got[2].data.n, Event.subscription_stats(sub).throttled}"))
                    .isEqualTo(List.of(2L, 2L, 3L));
            assertThat(scripts.failure("Event.subscribe('b', {throttle_per_second = 0})", "code"))
                    .isEqualTo("invalid_argument");
            assertThat(scripts.failure("Event.subscribe('b', {batch_size = 0})", "code"))
                    .isEqualTo("invalid_argument");
        }
    }

    @Test
    void listSubscriptionsAndStats_tellOfTheOwnEngineAndTheBus() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Event.subscribe('b') Event.publish('b')",
                            "local own, all = Event.list_subscriptions(), Event.list_subscriptions {all = true}",
                            "local stats = Event.get_stats()",
                            "return JSON.array {#own, #all, own[1].pattern, own[1].language, own[1].queue_size,",
                            "  stats.event_bus_stats.rate_limit_violations, stats.event_bus_stats.buffer_size,",
                            "  stats.event_bus_stats.events_buffered, stats.bridge_stats.active_subscriptions}"))
                    .isEqualTo(list(1L, 1L, "b", "lua", 1L, 0L, 1L, 1L, 1L));
        }
    }
}
