package io.llmspell.events;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Shows that {@link LaneStress} turns red if the closed bit is looked at before an item is claimed or a handler started,
 * and not with it.
 */
public final class LaneFault {
    private LaneFault() {}

    /** As {@link LaneStress.TakeAgainstClose}, with the closed bit apart from the head. */
    @JCStressTest
    @State
    @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "closed before both")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "closed between them")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "closed after both")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an item was taken and counted as dropped, or neither")
    public static class TakeAgainstClose {
        private final AtomicLong head = new AtomicLong();
        private volatile boolean closed;

        private int take() {
            long index = head.get();
            return !closed && index < 2 && head.compareAndSet(index, index + 1) ? 1 : 0;
        }

        @Actor
        public void taker(II_Result result) {
            result.r1 = take() + take();
        }

        @Actor
        public void closer(II_Result result) {
            closed = true;
            result.r2 = (int) (2 - head.get());
        }
    }

    /** As {@link LaneStress.StartAgainstClose}, with the closed bit apart from the count. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "closed before both")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "closed between them")
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "closed after both")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a handler started after the close, or was counted and did not run")
    public static class StartAgainstClose {
        private final AtomicLong started = new AtomicLong();
        private volatile boolean closed;
        private int handled;

        @Actor
        public void lane() {
            for (int i = 0; i < 2; i++) {
                if (!closed) {
                    started.incrementAndGet();
                    handled++;
                }
            }
        }

        @Actor
        public void closer(II_Result result) {
            closed = true;
            result.r1 = started.intValue();
        }

        @Arbiter
        public void end(II_Result result) {
            result.r2 = handled;
        }
    }
}
