package io.llmspell.events;

import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two publishers of two events each at a queue of one; whoever wakes the lane runs the handlers. The results are: how
 * many events of either publisher were refused, and what is wrong with the counters in the end.
 */
public final class PublishStress {
    private static final int EVENTS = 2;

    private PublishStress() {}

    /** What is wrong in the end, the sum over all four events included. */
    private static int faults(StressBus small, Subscription subscription, III_Result result, boolean drops) {
        SubscriptionStats stats = subscription.stats();
        boolean allThere = stats.offered() == 2 * EVENTS
                && stats.rejected() == result.r1 + result.r2
                && stats.buffered() == 0
                && (drops || stats.dropped() == 0);
        return small.faults(subscription) + (allThere ? 0 : 16);
    }

    /** The oldest event goes. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "each was delivered or dropped")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an event is missing, came twice, or the counters are wrong")
    public static class DroppingOldest {
        private final StressBus small = new StressBus();
        private final Subscription subscription = small.subscribe(StressBus.options(Overflow.DROP_OLDEST, 1));

        @Actor
        public void one(III_Result result) {
            result.r1 = small.refusals(EVENTS);
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = small.refusals(EVENTS);
        }

        @Arbiter
        public void end(III_Result result) {
            result.r3 = faults(small, subscription, result, true);
        }
    }

    /** The newest event goes. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "each was delivered or dropped")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an event is missing, came twice, or the counters are wrong")
    public static class DroppingNewest {
        private final StressBus small = new StressBus();
        private final Subscription subscription = small.subscribe(StressBus.options(Overflow.DROP_NEWEST, 1));

        @Actor
        public void one(III_Result result) {
            result.r1 = small.refusals(EVENTS);
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = small.refusals(EVENTS);
        }

        @Arbiter
        public void end(III_Result result) {
            result.r3 = faults(small, subscription, result, true);
        }
    }

    /** The publisher is refused. */
    @JCStressTest
    @State
    @Outcome(id = "[0-2], [0-2], 0", expect = Expect.ACCEPTABLE, desc = "each was delivered or refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an event is missing, came twice, or the counters are wrong")
    public static class Rejecting {
        private final StressBus small = new StressBus();
        private final Subscription subscription = small.subscribe(StressBus.options(Overflow.REJECT, 1));

        @Actor
        public void one(III_Result result) {
            result.r1 = small.refusals(EVENTS);
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = small.refusals(EVENTS);
        }

        @Arbiter
        public void end(III_Result result) {
            result.r3 = faults(small, subscription, result, false);
        }
    }

    /** The publisher waits for room. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "each was delivered")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an event is missing, came twice, or the counters are wrong")
    public static class Blocking {
        private final StressBus small = new StressBus();
        private final Subscription subscription = small.subscribe(StressBus.options(Overflow.BLOCK, 1));

        @Actor
        public void one(III_Result result) {
            result.r1 = small.refusals(EVENTS);
        }

        @Actor
        public void other(III_Result result) {
            result.r2 = small.refusals(EVENTS);
        }

        @Arbiter
        public void end(III_Result result) {
            result.r3 = faults(small, subscription, result, false);
        }
    }
}
