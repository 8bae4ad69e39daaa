package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.testing.check.Check;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The whole bus under all orders of a few threads: whoever publishes after an unsubscribe or a close has returned reaches
 * nobody, and what was accepted before is handed out or told by the close.
 */
@Check("E04")
@EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "minutes; profile fuzz")
class BusLincheckTest {
    static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1);
    }

    @Test
    void unsubscribeAgainstPublish_isLinearisable() {
        assertThatCode(() -> options().check(Unsubscribing.class)).doesNotThrowAnyException();
    }

    @Test
    void unsubscribeOfAHandlerOnThePublishersThreadAgainstPublish_isLinearisable() {
        assertThatCode(() -> options().check(UnsubscribingHere.class)).doesNotThrowAnyException();
    }

    @Test
    void closeAgainstPublish_isLinearisable() {
        assertThatCode(() -> options().check(Closing.class)).doesNotThrowAnyException();
    }

    /** A bus without threads, clocks and chance, and one publisher's view of it. */
    static final class SmallBus {
        private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "lincheck");
        static final Caller CALLER = Caller.host(new CorrelationId("lincheck"));
        private final AtomicLong ids = new AtomicLong();
        final EventBus bus;

        SmallBus() {
            ManualTime time = new ManualTime();
            bus = Events.builder()
                    .time(time)
                    .ids(() -> new UUID(0, ids.incrementAndGet()))
                    .gate(new PassThroughGate())
                    .awaiter(Awaiter.blocking(time))
                    .build();
        }

        EventInbox inbox() {
            SubscribeOptions options = SubscribeOptions.DEFAULT
                    .withOverflow(Overflow.DROP_NEWEST)
                    .withBufferSize(16)
                    .withNotices(false);
            return bus.inbox("a", options, CALLER);
        }

        /** How many subscriptions took it; -1 if the bus has closed. */
        int publish() {
            try {
                return bus.publish(EventDraft.of("a", null, SOURCE), CALLER)
                        .orThrow()
                        .matched();
            } catch (LlmSpellException refused) {
                if (refused.code().equals(ErrorCode.BUS_CLOSED)) {
                    return -1;
                }
                throw refused;
            }
        }
    }

    /** A subscription with a queue. */
    public static final class Unsubscribing {
        private final SmallBus small = new SmallBus();
        private final EventInbox inbox = small.inbox();

        @Operation
        public int publish() {
            return small.publish();
        }

        @Operation
        public boolean poll() {
            return inbox.poll().isPresent();
        }

        @Operation
        public long unsubscribe() {
            inbox.close();
            return inbox.stats().dropped();
        }
    }

    /** A subscription whose handler runs while its event is published. */
    public static final class UnsubscribingHere {
        private final SmallBus small = new SmallBus();
        private final ThreadLocal<int[]> runs = ThreadLocal.withInitial(() -> new int[1]);
        private final Subscription here = small.bus.subscribe(
                "a", SubscribeOptions.DEFAULT.onPublisherThread(), (event, again) -> runs.get()[0]++, SmallBus.CALLER);

        @Operation
        public int publish() {
            int before = runs.get()[0];
            int matched = small.publish();
            return matched * 10 + runs.get()[0] - before;
        }

        @Operation
        public void unsubscribe() {
            here.close();
        }
    }

    /** The bus itself: what was accepted is told. */
    public static final class Closing {
        private final SmallBus small = new SmallBus();

        public Closing() {
            small.inbox();
        }

        @Operation
        public int publish() {
            return small.publish();
        }

        @Operation
        public long close() {
            CloseReport report = small.bus.close(Duration.ZERO);
            return report.left().stream().mapToLong(CloseReport.Left::dropped).sum();
        }
    }
}
