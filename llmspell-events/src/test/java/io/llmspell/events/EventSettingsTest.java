package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.FlowOptions;
import io.llmspell.core.event.HandlingOptions;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSettingsTest {
    private static final Caller CALLER = Caller.host(new CorrelationId("run"));
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "test");

    private final ManualTime time = new ManualTime();

    private EventBus bus(EventSettings settings) {
        return Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(new PassThroughGate())
                .awaiter(Awaiter.blocking(time))
                .settings(settings)
                .build();
    }

    private static EventSettings read(Map<String, ?> events) {
        return EventSettings.from(ConfigSection.of("events", Map.copyOf(events)));
    }

    @Test
    void from_nothing_isTheCatalogue() {
        assertThat(read(Map.of())).isEqualTo(EventSettings.DEFAULT);
        Flow flow = Flow.of(FlowOptions.UNSET, EventSettings.DEFAULT.flow());
        assertThat(flow).isEqualTo(new Flow(Overflow.DROP_OLDEST, 10_000, Duration.ofSeconds(5), 8000, 2000, true));
        assertThat(Handling.of(HandlingOptions.UNSET, HandlingOptions.UNSET))
                .isEqualTo(new Handling(1, Duration.ofSeconds(5), 10));
    }

    @Test
    void from_everything_isRead() {
        Map<String, Object> flow = Map.of(
                "rate_limit", true,
                "max_rate", 7L,
                "burst_capacity", 9L,
                "strategy", "block",
                "block_timeout", "2s",
                "max_buffer_size", 100L,
                "high_water_mark", 90L,
                "low_water_mark", 10L,
                "enable_notifications", false);
        assertThat(read(Map.of(
                        "concurrency",
                        2L,
                        "handler_timeout",
                        "0",
                        "quarantine_after",
                        0L,
                        "drain_timeout",
                        "1s",
                        "flow",
                        flow)))
                .isEqualTo(new EventSettings(
                        new EventSettings.RateLimit(7, 9),
                        new FlowOptions(Overflow.BLOCK, 100, Duration.ofSeconds(2), 90, 10, false),
                        new HandlingOptions(2, Duration.ZERO, 0),
                        Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "max_buffer_size, 0",
        "max_buffer_size, 10000001",
        "high_water_mark, 10001",
        "low_water_mark, 8000",
        "max_rate, 0",
        "burst_capacity, 0",
        "max_ratee, 1"
    })
    void from_wrongOption_isNamed(String option, long value) {
        assertThatThrownBy(() -> read(Map.of("flow", Map.of(option, value))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("events.flow." + option);
    }

    @Test
    void flow_marks_followTheSizeUnlessTheyAreSet() {
        FlowOptions bus = new FlowOptions(null, 1000, null, 900, 100, null);
        FlowOptions small = new FlowOptions(null, 10, null, null, null, null);

        assertThat(Flow.of(FlowOptions.UNSET, bus))
                .extracting(Flow::high, Flow::low)
                .containsExactly(900, 100);
        assertThat(Flow.of(small, bus)).extracting(Flow::high, Flow::low).containsExactly(8, 2);
        FlowOptions one = new FlowOptions(null, 1, null, null, null, null);
        assertThat(Flow.of(one, bus)).extracting(Flow::high, Flow::low).containsExactly(1, 0);
        FlowOptions above = new FlowOptions(null, null, null, 5000, null, null);
        assertThatThrownBy(() -> Flow.of(above, bus)).isInstanceOf(ArgumentException.class);
    }

    @Test
    void bus_settings_holdForSubscriptionsThatSayNothing() {
        EventSettings rejecting = EventSettings.DEFAULT.withDefaults(
                new FlowOptions(Overflow.REJECT, 2, null, null, null, null), HandlingOptions.UNSET);
        try (EventBus bus = bus(rejecting)) {
            var inbox = bus.inbox("a", SubscribeOptions.DEFAULT, CALLER);
            var own = bus.inbox("a", SubscribeOptions.DEFAULT.withOverflow(Overflow.DROP_NEWEST), CALLER);
            for (int i = 0; i < 5; i++) {
                bus.publish(EventDraft.of("a", null, SOURCE), CALLER);
            }
            assertThat(inbox.stats().rejected()).isEqualTo(3);
            assertThat(own.stats().dropped()).isEqualTo(3);
        }
    }

    @Test
    void rateLimit_noToken_rejectsAndCounts() {
        try (EventBus bus = bus(EventSettings.DEFAULT.withRateLimit(10, 3))) {
            EventDraft draft = EventDraft.of("a", null, SOURCE);
            for (int i = 0; i < 3; i++) {
                bus.publish(draft, CALLER).orThrow();
            }
            assertThatThrownBy(() -> bus.publish(draft, CALLER))
                    .isInstanceOfSatisfying(EventException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.EVENT_REJECTED);
                        assertThat(refused.details()).containsEntry("rate_limit", 10L);
                    })
                    .hasMessageContaining("10 events a second, 3 at once");
            assertThatThrownBy(() -> bus.publishAsync(draft, CALLER).block()).isInstanceOf(EventException.class);
            time.advance(Duration.ofMillis(100));
            bus.publish(draft, CALLER).orThrow();
            assertThat(bus.stats().published()).isEqualTo(6);
            assertThat(bus.stats().accepted()).isEqualTo(4);
            assertThat(bus.stats().rejected()).isEqualTo(2);
            assertThat(bus.stats().rateLimited()).isEqualTo(2);
        }
    }
}
