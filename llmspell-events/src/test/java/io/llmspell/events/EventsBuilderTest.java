package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventsBuilderTest {
    private final ManualTime time = new ManualTime();

    private EventsBuilder complete() {
        return Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(new PassThroughGate())
                .awaiter(Awaiter.blocking(time));
    }

    @Test
    void build_settingMissing_isNamed() {
        assertThatThrownBy(() -> Events.builder().build())
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("\"time\"");
        assertThatThrownBy(() -> Events.builder().time(time).build()).hasMessageContaining("\"gate\"");
        assertThatThrownBy(() ->
                        Events.builder().time(time).gate(new PassThroughGate()).build())
                .hasMessageContaining("\"ids\"");
        assertThatThrownBy(() -> Events.builder()
                        .time(time)
                        .gate(new PassThroughGate())
                        .ids(IdGenerator.timeOrdered(time))
                        .build())
                .hasMessageContaining("\"awaiter\"");
    }

    @Test
    void settings_setTwice_areRefused() {
        EventsBuilder builder = complete().redactor(Redactor.create()).settings(EventSettings.DEFAULT);
        assertThatThrownBy(() -> builder.time(time)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> builder.ids(IdGenerator.timeOrdered(time))).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> builder.gate(new PassThroughGate())).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> builder.awaiter(Awaiter.blocking(time))).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> builder.redactor(Redactor.create())).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> builder.settings(EventSettings.DEFAULT)).isInstanceOf(ArgumentException.class);
    }

    @Test
    void drainTimeout_negative_isRefused() {
        assertThatThrownBy(() -> EventSettings.DEFAULT.withDrainTimeout(Duration.ofMillis(-1)))
                .isInstanceOf(ArgumentException.class);
    }

    @Test
    void publish_ids_areUniqueAndTimeOrdered() {
        Component source = Component.named(ComponentType.SYSTEM, "test");
        Caller caller = Caller.host(new CorrelationId("run"));
        try (EventBus bus = complete().build()) {
            EventInbox inbox = bus.inbox("a", SubscribeOptions.DEFAULT, caller);
            bus.publish(EventDraft.of("a", JsonObject.empty(), source), caller);
            bus.publish(EventDraft.of("a", JsonObject.empty(), source), caller);
            assertThat(inbox.poll().orElseThrow().id().toString())
                    .isLessThan(inbox.poll().orElseThrow().id().toString());
        }
    }
}
