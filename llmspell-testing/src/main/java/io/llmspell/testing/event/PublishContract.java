package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.SOURCE;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.get;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Publishing, matching, order, and what an event says. */
interface PublishContract extends EventBusFixture {
    /** An event holds what draft, caller and bus know. */
    @Test
    default void publish_event_hasWhatDraftAndCallerSay() {
        try (EventBus bus = open(this)) {
            List<UniversalEvent> seen = new ArrayList<>();
            bus.subscribe("report.*", SYNCHRONOUS, (event, again) -> seen.add(event), CALLER);
            EventDraft draft = draft("report.ready", Map.of("pages", 3))
                    .withTags(Set.of("a"))
                    .withLinks("cause", "someone")
                    .withAttributes(JsonObject.of("x", 1L))
                    .withTtl(Duration.ofMinutes(1));
            PublishResult.Accepted accepted =
                    bus.publish(draft, CALLER.in(Language.LUA)).orThrow();
            UniversalEvent event = seen.get(0);
            assertThat(event.type()).isEqualTo("report.ready");
            assertThat(event.payload()).isEqualTo(JsonObject.of("pages", 3L));
            assertThat(event.source()).isEqualTo(SOURCE);
            assertThat(event.language()).isEqualTo(Language.LUA);
            assertThat(event.correlation()).isEqualTo(CALLER.correlation());
            assertThat(event.sequence()).isEqualTo(accepted.sequence());
            assertThat(event.causation()).isEqualTo("cause");
            assertThat(event.target()).isEqualTo("someone");
            assertThat(event.tags()).containsExactly("a");
            assertThat(event.attributes()).isEqualTo(JsonObject.of("x", 1L));
            assertThat(event.ttl()).isEqualTo(Duration.ofMinutes(1));
            assertThat(event.schemaVersion()).isEqualTo("1.0");
        }
    }

    /** A payload is copied. */
    @Test
    default void publish_payloadChangedAfterwards_isNotSeen() {
        try (EventBus bus = open(this)) {
            List<UniversalEvent> seen = new ArrayList<>();
            bus.subscribe("a.b", SYNCHRONOUS, (event, again) -> seen.add(event), CALLER);
            Map<String, Object> mine = new HashMap<>(Map.of("n", 1L));
            bus.publish(draft("a.b", mine), CALLER);
            mine.put("n", 2L);
            assertThat(seen.get(0).payload()).isEqualTo(JsonObject.of("n", 1L));
        }
    }

    /** Patterns select as the catalogue says. */
    @Test
    default void publish_patterns_reachWhoMatches() {
        try (EventBus bus = open(this)) {
            Map<String, List<String>> seen = new HashMap<>();
            for (String pattern :
                    List.of("*", "user.*", "*.error", "**.error", "user.created", "user.{created,gone}")) {
                List<String> types = new CopyOnWriteArrayList<>();
                seen.put(pattern, types);
                bus.subscribe(pattern, SYNCHRONOUS, (event, again) -> types.add(event.type()), CALLER);
            }
            List<String> all = List.of("user", "user.created", "user.a.b", "svc.error", "svc.db.error");
            all.forEach(type -> bus.publish(draft(type, null), CALLER));
            assertThat(seen.get("*")).isEqualTo(all);
            assertThat(seen.get("user.*")).containsExactly("user.created", "user.a.b");
            assertThat(seen.get("*.error")).containsExactly("svc.error");
            assertThat(seen.get("**.error")).containsExactly("svc.error", "svc.db.error");
            assertThat(seen.get("user.created")).containsExactly("user.created");
            assertThat(seen.get("user.{created,gone}")).containsExactly("user.created");
        }
    }

    /** The result says how many subscriptions matched. */
    @Test
    default void publish_matched_countsTheSubscriptions() {
        try (EventBus bus = open(this)) {
            bus.subscribe("a.*", SYNCHRONOUS, (event, again) -> {}, CALLER);
            bus.subscribe("a.b", QUEUED, (event, again) -> {}, CALLER);
            bus.subscribe("c", QUEUED, (event, again) -> {}, CALLER);
            assertThat(bus.publish(draft("a.b", null), CALLER).orThrow().matched())
                    .isEqualTo(2);
            assertThat(bus.publish(draft("a.c", null), CALLER).orThrow().matched())
                    .isEqualTo(1);
            assertThat(bus.publish(draft("d", null), CALLER).orThrow().matched())
                    .isZero();
        }
    }

    /** The sequence counts from 1. */
    @Test
    default void publish_sequence_countsFromOne() {
        try (EventBus bus = open(this)) {
            for (long expected = 1; expected <= 5; expected++) {
                assertThat(bus.publish(draft("a", null), CALLER).orThrow().sequence())
                        .isEqualTo(expected);
            }
        }
    }

    /** A subscription counts from its call to its close. */
    @Test
    default void publish_subscriptionsMadeAndEndedMeanwhile_countFromTheNextEvent() {
        try (EventBus bus = open(this)) {
            assertThat(bus.publish(draft("a", null), CALLER).orThrow().matched())
                    .isZero();
            Subscription subscription = bus.subscribe("a", SYNCHRONOUS, (event, again) -> {}, CALLER);
            assertThat(bus.publish(draft("a", null), CALLER).orThrow().matched())
                    .isEqualTo(1);
            subscription.close();
            assertThat(bus.publish(draft("a", null), CALLER).orThrow().matched())
                    .isZero();
        }
    }

    /** Only synchronous handlers run on the publisher's thread. */
    @Test
    default void publish_threads_synchronousRunsOnPublishersQueuedDoesNot() {
        try (EventBus bus = open(this)) {
            List<Thread> direct = new CopyOnWriteArrayList<>();
            List<Thread> queued = new CopyOnWriteArrayList<>();
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> direct.add(Thread.currentThread()), CALLER);
            bus.subscribe("a", QUEUED, (event, again) -> queued.add(Thread.currentThread()), CALLER);
            bus.publish(draft("a", null), CALLER);
            assertThat(direct).containsExactly(Thread.currentThread());
            eventually(() -> assertThat(queued).hasSize(1).doesNotContain(Thread.currentThread()));
        }
    }

    /** Handlers may publish, synchronous and queued ones. */
    @Test
    default void publish_insideHandlers_isDeliveredInOrder() {
        try (EventBus bus = open(this)) {
            List<Object> seen = new CopyOnWriteArrayList<>();
            bus.subscribe("a", QUEUED, (event, again) -> publishTwo(bus, event), CALLER);
            bus.subscribe("b", SYNCHRONOUS, (event, again) -> bus.publish(draft("c", event.payload()), CALLER), CALLER);
            bus.subscribe("c", QUEUED, (event, again) -> seen.add(event.payload()), CALLER);
            bus.publish(draft("a", 1L), CALLER);
            eventually(() -> assertThat(seen).containsExactly(2L, 3L));
        }
    }

    private static void publishTwo(EventBus bus, UniversalEvent event) {
        long number = (Long) Objects.requireNonNull(event.payload());
        bus.publish(draft("b", number + 1), CALLER);
        bus.publish(draft("b", number + 2), CALLER);
    }

    /** A synchronous handler that publishes to itself comes to an end. */
    @Test
    default void publish_synchronousHandlersWithoutEnd_areCutOff() {
        try (EventBus bus = open(this)) {
            List<Long> seen = new ArrayList<>();
            bus.subscribe(
                    "a",
                    SYNCHRONOUS,
                    (event, again) -> {
                        seen.add(event.sequence());
                        bus.publish(draft("a", null), CALLER);
                    },
                    CALLER);
            bus.publish(draft("a", null), CALLER).orThrow();
            assertThat(seen).hasSizeBetween(2, 100);
            assertThat(bus.subscriptions().get(0).stats().failed()).isEqualTo(1);
        }
    }

    /** A publish without blocking happens once for each subscriber of its Mono. */
    @Test
    default void publishAsync_subscribedTwice_publishesTwice() {
        try (EventBus bus = open(this)) {
            List<Long> seen = new CopyOnWriteArrayList<>();
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> seen.add(event.sequence()), CALLER);
            Mono<PublishResult> mono = bus.publishAsync(draft("a", null), CALLER);
            assertThat(seen).isEmpty();
            assertThat(get(mono.toFuture())).isEqualTo(new PublishResult.Accepted(1, 1));
            assertThat(get(mono.toFuture())).isEqualTo(new PublishResult.Accepted(2, 1));
            assertThat(seen).containsExactly(1L, 2L);
        }
    }

    /** A malformed pattern is refused and leaves nothing behind. */
    @Test
    default void subscribe_malformedPattern_isRefused() {
        try (EventBus bus = open(this)) {
            refused(ErrorCode.INVALID_PATTERN, () -> bus.subscribe("a..b", QUEUED, (event, again) -> {}, CALLER));
            refused(ErrorCode.INVALID_PATTERN, () -> bus.stream("[", QUEUED, CALLER));
            refused(ErrorCode.INVALID_PATTERN, () -> bus.inbox("", QUEUED, CALLER));
            assertThat(bus.subscriptions()).isEmpty();
        }
    }
}
