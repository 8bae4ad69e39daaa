package io.llmspell.events;

import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two events are published while the subscription ends. Of handlers the results are: how many had been started when the
 * unsubscribe returned, how many ran in the end, and what is wrong with the counters then.
 */
public final class UnsubscribeStress {
    private UnsubscribeStress() {}

    /** One lane, which alone takes from its queue. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "ended before both")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "ended between them")
    @Outcome(id = "2, 2, 0", expect = Expect.ACCEPTABLE, desc = "ended after both")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a handler started after the unsubscribe, or the counters are wrong")
    public static class Lane {
        private final StressBus small = new StressBus();
        private final Subscription subscription = small.subscribe(StressBus.options(Overflow.DROP_NEWEST, 16));

        @Actor
        public void publisher() {
            small.refusals(2);
        }

        @Actor
        public void closer(III_Result result) {
            subscription.close();
            result.r1 = (int) subscription.stats().delivered();
        }

        @Arbiter
        public void end(III_Result result) {
            result.r2 = small.handled();
            result.r3 = small.faultsAtTheEnd(subscription);
        }
    }

    /** One lane, whose queue of one lets the oldest go. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "ended before both")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "ended between them")
    @Outcome(id = "2, 2, 0", expect = Expect.ACCEPTABLE, desc = "ended after both")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a handler started after the unsubscribe, or the counters are wrong")
    public static class EvictingLane {
        private final StressBus small = new StressBus();
        private final Subscription subscription = small.subscribe(StressBus.options(Overflow.DROP_OLDEST, 1));

        @Actor
        public void publisher() {
            small.refusals(2);
        }

        @Actor
        public void closer(III_Result result) {
            subscription.close();
            result.r1 = (int) subscription.stats().delivered();
        }

        @Arbiter
        public void end(III_Result result) {
            result.r2 = small.handled();
            result.r3 = small.faultsAtTheEnd(subscription);
        }
    }

    /** A handler on the publisher's thread. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "ended before both")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "ended between them")
    @Outcome(id = "2, 2, 0", expect = Expect.ACCEPTABLE, desc = "ended after both")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a handler started after the unsubscribe, or the counters are wrong")
    public static class OnThePublishersThread {
        private final StressBus small = new StressBus();
        private final Subscription subscription = small.subscribe(SubscribeOptions.DEFAULT.onPublisherThread());

        @Actor
        public void publisher() {
            small.refusals(2);
        }

        @Actor
        public void closer(III_Result result) {
            subscription.close();
            result.r1 = (int) subscription.stats().delivered();
        }

        @Arbiter
        public void end(III_Result result) {
            result.r2 = small.handled();
            result.r3 = small.faultsAtTheEnd(subscription);
        }
    }

    /** An inbox: how many events matched, how many were polled or dropped, and how many were polled after its end. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "ended before both")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "ended between them")
    @Outcome(id = "2, 2, 0", expect = Expect.ACCEPTABLE, desc = "ended after both")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an event was lost, came twice or came after the end")
    public static class Inbox {
        private final StressBus small = new StressBus();
        private final EventInbox inbox =
                small.bus.inbox("a", StressBus.options(Overflow.DROP_NEWEST, 16), StressBus.CALLER);

        @Actor
        public void publisher(III_Result result) {
            result.r1 = small.publish() + small.publish();
        }

        @Actor
        public void taker(III_Result result) {
            int polled = inbox.poll().isPresent() ? 1 : 0;
            inbox.close();
            result.r2 = polled + (int) inbox.stats().dropped();
            result.r3 = inbox.poll().isPresent() ? 1 : 0;
        }
    }
}
