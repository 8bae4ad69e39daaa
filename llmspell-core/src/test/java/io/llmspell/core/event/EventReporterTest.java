package io.llmspell.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class EventReporterTest {
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "test");
    private static final Caller CALLER = Caller.host(new CorrelationId("run-1")).within("op-1");

    private final List<EventDraft> drafts = new ArrayList<>();
    private final List<Caller> callers = new ArrayList<>();

    @Test
    void report_payloadWithASecret_publishesItMasked() {
        reporter(() -> new PublishResult.Accepted(1, 0))
                .report("tool.started", Map.of("password", "x", "n", 1), SOURCE, CALLER);

        assertThat(drafts)
                .containsExactly(
                        EventDraft.of("tool.started", JsonObject.of("password", Redactor.MASK, "n", 1), SOURCE));
        assertThat(callers).containsExactly(CALLER);
    }

    @Test
    void report_callerThatIsStopped_isToldAllTheSame() {
        CancellationSource stop = new CancellationSource();
        stop.cancel();

        reporter(() -> new PublishResult.Accepted(1, 0)).report("a", Map.of(), SOURCE, CALLER.limited(stop, 1));

        assertThat(callers).containsExactly(CALLER);
    }

    @Test
    void report_whatTheBusDoesNotTake_disturbsNobody() {
        List<Supplier<PublishResult>> buses = List.of(
                () -> new PublishResult.Rejected(1, List.of("s"), "full"),
                () -> {
                    throw new OperationCancelledException("h", HookPoint.BEFORE_EVENT_EMIT, "event a", "no", null);
                },
                () -> {
                    throw new EventException(ErrorCode.BUS_CLOSED, "closed");
                });
        for (Supplier<PublishResult> bus : buses) {
            assertThatCode(() -> reporter(bus).report("a", Map.of(), SOURCE, CALLER))
                    .doesNotThrowAnyException();
        }
        assertThat(drafts).hasSize(3);
        assertThatCode(() -> reporter(() -> new PublishResult.Accepted(1, 0))
                        .report("a", Map.of("x", new Object()), SOURCE, CALLER))
                .doesNotThrowAnyException();
    }

    private EventReporter reporter(Supplier<PublishResult> answer) {
        return new EventReporter(new PublishOnly(answer), Redactor.create());
    }

    /** Takes events and gives the answer of the test. */
    private final class PublishOnly implements EventBus {
        private final Supplier<PublishResult> answer;

        PublishOnly(Supplier<PublishResult> answer) {
            this.answer = answer;
        }

        @Override
        public PublishResult publish(EventDraft draft, Caller caller) {
            drafts.add(draft);
            callers.add(caller);
            return answer.get();
        }

        @Override
        public Mono<PublishResult> publishAsync(EventDraft draft, Caller caller) {
            return Mono.fromCallable(() -> publish(draft, caller));
        }

        @Override
        public StagedEvent stage(EventDraft draft, String versionMember, Caller caller) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StagedEvent stage(EventDraft draft, Caller caller) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Flux<UniversalEvent> stream(String pattern, SubscribeOptions options, Caller caller) {
            return Flux.error(new UnsupportedOperationException());
        }

        @Override
        public EventInbox inbox(String pattern, SubscribeOptions options, Caller caller) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Subscription> subscriptions() {
            return List.of();
        }

        @Override
        public BusStats stats() {
            return new BusStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public int forward(UniversalEvent event, Caller caller) {
            return 0;
        }

        @Override
        public List<DeadLetter> deadLetters() {
            return List.of();
        }

        @Override
        public CloseReport close(Duration drainTimeout) {
            return new CloseReport(true, List.of());
        }

        @Override
        public void close() {}
    }
}
