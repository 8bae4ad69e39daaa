package io.llmspell.events;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.testing.gate.PassThroughGate;
import java.time.Duration;
import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import reactor.core.publisher.Flux;

/** Runs the test kit of Reactive Streams, which is written for TestNG. */
final class Tck {
    private Tck() {}

    /** The names of the rules that a publisher breaks, and how many tests ran. */
    record Outcome(int passed, List<String> failed) {}

    static Outcome run(Class<? extends PublisherVerification<?>> verification) {
        TestListenerAdapter heard = new TestListenerAdapter();
        TestNG kit = new TestNG(false);
        kit.setTestClasses(new Class<?>[] {verification});
        kit.addListener(heard);
        kit.setVerbose(0);
        kit.run();
        return new Outcome(
                heard.getPassedTests().size(),
                heard.getFailedTests().stream()
                        .map(ITestResult::getName)
                        .sorted()
                        .toList());
    }

    /** Streams of a bus that gets as many events as the kit wants. */
    static class BusStreams extends PublisherVerification<UniversalEvent> {
        private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "tck");

        BusStreams() {
            super(new TestEnvironment(400, 100));
        }

        Flux<UniversalEvent> handedOut(Flux<UniversalEvent> stream) {
            return stream;
        }

        private static EventBus bus() {
            SystemTimeSource time = new SystemTimeSource();
            return Events.builder()
                    .time(time)
                    .ids(IdGenerator.timeOrdered(time))
                    .gate(new PassThroughGate())
                    .awaiter(Awaiter.blocking(time))
                    .build();
        }

        @Override
        public Publisher<UniversalEvent> createPublisher(long elements) {
            EventBus bus = bus();
            SubscribeOptions options = SubscribeOptions.DEFAULT
                    .withBufferSize((int) Math.max(1, Math.min(elements, 10_000)))
                    .withOverflow(Overflow.DROP_OLDEST);
            Flux<UniversalEvent> stream = bus.stream("tck", options, BusCheck.CALLER);
            return subscriber -> {
                handedOut(stream).take(elements, false).subscribe(subscriber);
                for (long i = 0; i < Math.min(elements, 10_000); i++) {
                    bus.publish(EventDraft.of("tck", i, SOURCE), BusCheck.CALLER);
                }
            };
        }

        @Override
        public Publisher<UniversalEvent> createFailedPublisher() {
            EventBus bus = bus();
            Flux<UniversalEvent> stream = bus.stream("tck", SubscribeOptions.DEFAULT, BusCheck.CALLER);
            bus.close(Duration.ZERO);
            return handedOut(stream);
        }

        @Override
        public long maxElementsFromPublisher() {
            return 10_000;
        }
    }
}
