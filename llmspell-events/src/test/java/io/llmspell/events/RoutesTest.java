package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private static final Caller CALLER = Caller.host(new CorrelationId("run"));
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "test");
    private static final SubscribeOptions SYNCHRONOUS = SubscribeOptions.DEFAULT.onPublisherThread();

    private static EventBus bus() {
        ManualTime time = new ManualTime();
        return Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(new PassThroughGate())
                .awaiter(Awaiter.blocking(time))
                .build();
    }

    private static int matched(EventBus bus, String type) {
        return bus.publish(EventDraft.of(type, null, SOURCE), CALLER).orThrow().matched();
    }

    /** A step subscribes with its pattern and publishes its type; some steps end the oldest subscription first. */
    @Property(tries = 500)
    void routes_anyHistory_findWhatTheMatcherFinds(@ForAll("steps") List<Tuple2<String, String>> steps) {
        try (EventBus bus = bus()) {
            List<Subscription> present = new ArrayList<>();
            for (Tuple2<String, String> step : steps) {
                if (present.size() > 4) {
                    present.remove(0).close();
                }
                present.add(bus.subscribe(step.get1(), SYNCHRONOUS, (event, again) -> {}, CALLER));
                long expected = present.stream()
                        .filter(each -> EventPattern.compile(each.pattern()).matches(step.get2()))
                        .count();
                assertThat(matched(bus, step.get2())).isEqualTo((int) expected);
                assertThat(matched(bus, step.get2())).isEqualTo((int) expected);
            }
        }
    }

    @Provide
    Arbitrary<List<Tuple2<String, String>>> steps() {
        Arbitrary<String> patterns = Arbitraries.of("a", "b", "*", "**", "a*", "{a,b}", "\\a", "[ab]")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(segments -> String.join(".", segments));
        Arbitrary<String> types = Arbitraries.of("a", "b", "aa")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(segments -> String.join(".", segments));
        return patterns.flatMap(pattern -> types.map(type -> Tuple.of(pattern, type)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Test
    void routes_moreTypesThanAreRemembered_areStillRight() {
        try (EventBus bus = bus()) {
            bus.subscribe("type.*", SYNCHRONOUS, (event, again) -> {}, CALLER);
            bus.subscribe("type.5*", SYNCHRONOUS, (event, again) -> {}, CALLER);
            long both = IntStream.range(0, 10_000)
                    .filter(i -> matched(bus, "type." + i) == 2)
                    .count();
            assertThat(both).isEqualTo(1111);
        }
    }

    @Test
    void routes_tenThousandSubscriptions_comeAndGo() {
        try (EventBus bus = bus()) {
            List<Subscription> all = IntStream.range(0, 10_000)
                    .mapToObj(i -> bus.subscribe("agent." + i + ".*", SYNCHRONOUS, (event, again) -> {}, CALLER))
                    .toList();
            bus.subscribe("**", SYNCHRONOUS, (event, again) -> {}, CALLER);
            assertThat(matched(bus, "agent.77.done")).isEqualTo(2);
            all.forEach(Subscription::close);
            assertThat(matched(bus, "agent.77.done")).isEqualTo(1);
            assertThat(bus.stats().delivered()).isEqualTo(3);
        }
    }

    @Test
    void routes_changedWhileAnotherPublishes_countFromTheNextEvent() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        try (EventBus bus = bus()) {
            Thread publisher = new Thread(() -> {
                while (!done.get()) {
                    matched(bus, "a.b");
                }
            });
            publisher.setDaemon(true);
            publisher.start();
            for (int i = 0; i < 20_000; i++) {
                Subscription subscription = bus.subscribe("a.*", SYNCHRONOUS, (event, again) -> {}, CALLER);
                assertThat(matched(bus, "a.b")).isEqualTo(1);
                subscription.close();
                assertThat(matched(bus, "a.b")).isZero();
            }
            done.set(true);
            publisher.join(20_000);
        } finally {
            done.set(true);
        }
    }
}
