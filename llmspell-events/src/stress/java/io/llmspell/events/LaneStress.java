package io.llmspell.events;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.Language;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The parts of a lane, its queue and the start of its handlers, against the close. */
public final class LaneStress {
    private static final ManualTime TIME = new ManualTime();
    private static final UniversalEvent EVENT = UniversalEvent.of(
            EventDraft.of("a", null, Component.named(ComponentType.SYSTEM, "stress")),
            new EventStamp(
                    new UUID(0, 1),
                    Instant.EPOCH,
                    1,
                    Language.JAVA,
                    StressBus.CALLER.correlation(),
                    null,
                    UniversalEvent.SCHEMA_VERSION));

    private LaneStress() {}

    /** Takes one item; false if there was none or it was claimed by somebody else. */
    private static boolean take(EventQueue queue) {
        Object item = queue.peek();
        return item != null && queue.take(item);
    }

    /** Taken from a contested queue of two, and dropped by its close. */
    @JCStressTest
    @State
    @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "closed before both")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "closed between them")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "closed after both")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an item was taken and counted as dropped, or neither")
    public static class TakeAgainstClose {
        private final EventQueue queue = new EventQueue(2, true);

        /** A full queue. */
        public TakeAgainstClose() {
            queue.offer(new Object());
            queue.offer(new Object());
        }

        @Actor
        public void taker(II_Result result) {
            result.r1 = (take(queue) ? 1 : 0) + (take(queue) ? 1 : 0);
        }

        @Actor
        public void closer(II_Result result) {
            result.r2 = (int) queue.close();
        }
    }

    /** Taken from a contested queue of one, evicted by its writer, and dropped by its close. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "nothing taken")
    @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "the first taken, the second dropped")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "the first evicted, the second taken")
    @Outcome(id = "2, 0, 0", expect = Expect.ACCEPTABLE, desc = "both taken")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an item went two ways or none")
    public static class TakeAgainstEvict {
        private final EventQueue queue = new EventQueue(1, true);

        /** A full queue. */
        public TakeAgainstEvict() {
            queue.offer(new Object());
        }

        @Actor
        public void taker(III_Result result) {
            result.r1 = (take(queue) ? 1 : 0) + (take(queue) ? 1 : 0);
        }

        @Actor
        public void writer(III_Result result) {
            Object next = new Object();
            if (!queue.offer(next)) {
                result.r2 = queue.evict() ? 1 : 0;
                queue.offer(next);
            }
            result.r3 = (int) queue.close();
        }
    }

    /** A queue whose taker is alone: every item comes once and in its order, those that are left afterwards, too. */
    @JCStressTest
    @State
    @Outcome(id = "[0-3], 123", expect = Expect.ACCEPTABLE, desc = "each once and in order")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an item is missing, came twice or in another order")
    public static class TakeAgainstOffer {
        private final EventQueue queue = new EventQueue(4, false);
        private int digits;

        private int takeAll() {
            int taken = 0;
            while (queue.hasNext()) {
                digits = digits * 10 + (Integer) queue.peek();
                taken += queue.take(0) ? 1 : 0;
            }
            return taken;
        }

        @Actor
        public void writer() {
            for (int i = 1; i <= 3; i++) {
                queue.offer(i);
            }
        }

        @Actor
        public void taker(II_Result result) {
            result.r1 = takeAll();
        }

        @Arbiter
        public void end(II_Result result) {
            takeAll();
            result.r2 = digits;
        }
    }

    /** Handlers that had been started when the close returned, and that ran in the end. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "closed before both")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "closed between them")
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "closed after both")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a handler started after the close, or was counted and did not run")
    public static class StartAgainstClose implements HandlerRun.Owner {
        private final EventQueue queue = new EventQueue(2, false);
        private int handled;
        private final HandlerRun run = new HandlerRun(TIME, (event, again) -> handled++, Duration.ZERO, this);

        /** A full queue. */
        public StartAgainstClose() {
            queue.offer(EVENT);
            queue.offer(EVENT);
        }

        @Actor
        public void lane() {
            while (queue.hasNext()) {
                run.goOn();
                if (take(queue)) {
                    run.run(EVENT);
                }
            }
            run.finish();
        }

        @Actor
        public void closer(II_Result result) {
            queue.close();
            run.close();
            result.r1 = (int) run.started();
        }

        @Arbiter
        public void end(II_Result result) {
            result.r2 = run.isRunning() ? -1 : handled;
        }

        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public void starts() {}

        @Override
        public void failed(UniversalEvent event, Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void succeeded() {}

        @Override
        public @Nullable UniversalEvent current() {
            return null;
        }

        @Override
        public void overran(UniversalEvent event) {
            throw new AssertionError("there is no limit");
        }
    }
}
