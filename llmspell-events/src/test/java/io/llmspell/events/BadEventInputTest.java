package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.format.EventJson;
import io.llmspell.testing.gate.PassThroughGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.BaseSubscriber;

/** Each bad input has a clear error or defined behaviour, and no effect on others. */
class BadEventInputTest {
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "bad");

    private static EventBus bus() {
        SystemTimeSource time = new SystemTimeSource();
        return Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(new PassThroughGate())
                .awaiter(Awaiter.blocking(time))
                .build();
    }

    private static void publish(EventBus bus, String type, @Nullable Object payload) {
        bus.publish(EventDraft.of(type, payload, SOURCE), BusCheck.CALLER).orThrow();
    }

    private static Object cyclic() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        return list;
    }

    private static Object deep() {
        Object value = 1;
        for (int i = 0; i < 100; i++) {
            value = List.of(value);
        }
        return value;
    }

    private static Arguments row(String input, String code, String words, Consumer<EventBus> act) {
        return arguments(input, code, words, act);
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                row("empty type", "invalid_event", "is empty", bus -> publish(bus, "", null)),
                row("type of 257", "invalid_event", "257 characters", bus -> publish(bus, "x".repeat(257), null)),
                row("control character in a type", "invalid_event", "U+0007", bus -> publish(bus, "a\u0007", null)),
                row("lone surrogate in a type", "invalid_event", "surrogate", bus -> publish(bus, "a\uD800", null)),
                row("glob in a type", "invalid_event", "U+002A", bus -> publish(bus, "a.*", null)),
                row("empty segment", "invalid_event", "empty segment", bus -> publish(bus, "a..b", null)),
                row(
                        "lone surrogate in a payload",
                        "value_not_convertible",
                        "surrogate",
                        bus -> publish(bus, "a", Map.of("k", "\uDC00"))),
                row("cyclic payload", "value_not_convertible", "itself", bus -> publish(bus, "a", cyclic())),
                row("deep payload", "value_too_large", "64", bus -> publish(bus, "a", deep())),
                row("large payload", "value_too_large", "1048576", bus -> publish(bus, "a", "x".repeat(1 << 20))),
                row("NaN in a payload", "value_not_convertible", "NaN", bus -> publish(bus, "a", Double.NaN)),
                row(
                        "invalid pattern",
                        "invalid_pattern",
                        "position 2",
                        bus -> bus.subscribe("a.[", SubscribeOptions.DEFAULT, (event, again) -> {}, BusCheck.CALLER)),
                row(
                        "negative time to live",
                        "invalid_event",
                        "must be positive",
                        bus -> EventDraft.of("a", null, SOURCE).withTtl(Duration.ofSeconds(-1))),
                row(
                        "persistent without a journal",
                        "invalid_event",
                        "no journal",
                        bus -> bus.publish(EventDraft.of("a", null, SOURCE).withPersistent(true), BusCheck.CALLER)),
                row(
                        "queue of nothing",
                        "invalid_argument",
                        "10,000,000",
                        bus -> bus.inbox("a", SubscribeOptions.DEFAULT.withBufferSize(0), BusCheck.CALLER)),
                row(
                        "marks above the queue",
                        "invalid_argument",
                        "water mark",
                        bus -> bus.inbox(
                                "a", SubscribeOptions.DEFAULT.withBufferSize(5).withWaterMarks(9, 1), BusCheck.CALLER)),
                row(
                        "event that is none",
                        "invalid_event",
                        "\"sequence\"",
                        bus -> bus.forward(
                                EventJson.read(JsonObject.of("type", "a", "source", JsonObject.empty())),
                                BusCheck.CALLER)),
                row("publish after close", "bus_closed", "closed", bus -> {
                    EventBus other = bus();
                    other.close();
                    publish(other, "a", null);
                }));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rows")
    void badInput_isRefusedAndHarmsNobody(String input, String code, String words, Consumer<EventBus> act) {
        try (EventBus bus = bus()) {
            List<UniversalEvent> seen = new CopyOnWriteArrayList<>();
            bus.subscribe("fine", SubscribeOptions.DEFAULT, (event, again) -> seen.add(event), BusCheck.CALLER);
            LlmSpellException error = org.assertj.core.api.Assertions.catchThrowableOfType(
                    LlmSpellException.class, () -> act.accept(bus));
            assertThat(error).as(input).isNotNull();
            assertThat(error.code().id()).isEqualTo(code);
            assertThat(error).hasMessageContaining(words);
            assertThat(error.getMessage()).hasSizeLessThan(500);
            publish(bus, "fine", 1);
            Awaitility.await().untilAsserted(() -> assertThat(seen).hasSize(1));
        }
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.EnumSource(
            value = Overflow.class,
            names = {"DROP_OLDEST", "DROP_NEWEST", "REJECT"})
    void subscriberThatNeverRequests_fillsItsQueueAndHarmsNobody(Overflow overflow) {
        try (EventBus bus = bus()) {
            List<UniversalEvent> seen = new CopyOnWriteArrayList<>();
            bus.subscribe("a", SubscribeOptions.DEFAULT, (event, again) -> seen.add(event), BusCheck.CALLER);
            SubscribeOptions options =
                    SubscribeOptions.DEFAULT.withBufferSize(10).withOverflow(overflow);
            bus.stream("a", options, BusCheck.CALLER).subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                    // never requests
                }
            });
            for (int i = 0; i < 100; i++) {
                bus.publish(EventDraft.of("a", i, SOURCE), BusCheck.CALLER);
            }
            Awaitility.await().untilAsserted(() -> assertThat(seen).hasSize(100));
            Subscription idle = bus.subscriptions().get(1);
            assertThat(idle.stats().buffered()).isEqualTo(10);
            assertThat(idle.stats().dropped() + idle.stats().rejected()).isEqualTo(90);
            bus.close(Duration.ZERO);
        }
    }
}
