package io.llmspell.events;

import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * One event is published while the bus closes. The results are: how many subscriptions took it, -1 if the bus refused it
 * as closed; how many events the close reports as dropped; how often it was delivered; and what is wrong with the
 * counters in the end.
 */
public final class CloseStress {
    private CloseStress() {}

    private static int dropped(StressBus small) {
        CloseReport report = small.bus.close(Duration.ZERO);
        return (int) report.left().stream().mapToLong(CloseReport.Left::dropped).sum();
    }

    /** One lane. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1, 0", expect = Expect.ACCEPTABLE, desc = "accepted and delivered once")
    @Outcome(id = "1, 1, 0, 0", expect = Expect.ACCEPTABLE, desc = "accepted, and told as dropped")
    @Outcome(id = "-1, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both, neither, twice, or the counters are wrong")
    public static class Lane {
        private final StressBus small = new StressBus();
        private final Subscription subscription = small.subscribe(StressBus.options(Overflow.DROP_NEWEST, 16));

        @Actor
        public void publisher(IIII_Result result) {
            result.r1 = small.publish();
        }

        @Actor
        public void closer(IIII_Result result) {
            result.r2 = dropped(small);
        }

        @Arbiter
        public void end(IIII_Result result) {
            result.r3 = small.handled();
            result.r4 = small.faultsAtTheEnd(subscription);
        }
    }

    /** An inbox that nobody polls. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 0, 0", expect = Expect.ACCEPTABLE, desc = "accepted, and told as dropped")
    @Outcome(id = "-1, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both, neither, twice, or the counters are wrong")
    public static class Inbox {
        private final StressBus small = new StressBus();
        private final EventInbox inbox =
                small.bus.inbox("a", StressBus.options(Overflow.DROP_NEWEST, 16), StressBus.CALLER);

        @Actor
        public void publisher(IIII_Result result) {
            result.r1 = small.publish();
        }

        @Actor
        public void closer(IIII_Result result) {
            result.r2 = dropped(small);
        }

        @Arbiter
        public void end(IIII_Result result) {
            result.r3 = inbox.poll().isPresent() ? 1 : 0;
            result.r4 = small.faults(inbox);
        }
    }

    /** A handler on the publisher's thread: there is no queue, so nothing can be dropped. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0, 1, 0", expect = Expect.ACCEPTABLE, desc = "accepted and delivered once")
    @Outcome(id = "-1, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(
            id = "0, 0, 0, 0",
            expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "accepted just before the close, and the publisher is told that nobody took it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both, twice, told otherwise than it was, or the counters are wrong")
    public static class OnThePublishersThread {
        private final StressBus small = new StressBus();
        private final Subscription subscription = small.subscribe(SubscribeOptions.DEFAULT.onPublisherThread());

        @Actor
        public void publisher(IIII_Result result) {
            result.r1 = small.publish();
        }

        @Actor
        public void closer(IIII_Result result) {
            result.r2 = dropped(small);
        }

        @Arbiter
        public void end(IIII_Result result) {
            result.r3 = small.handled();
            result.r4 = small.faultsAtTheEnd(subscription);
        }
    }
}
