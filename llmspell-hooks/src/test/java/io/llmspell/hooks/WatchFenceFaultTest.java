package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shows that {@link WatchFenceTest} turns red if the watchdog looks first and interrupts then. */
@Timeout(60)
class WatchFenceFaultTest {
    private static final int OFTEN = 50_000_000;

    @Test
    void lookThenInterrupt_leaks() throws Exception {
        FenceRig.Outcome outcome = FenceRig.hammer(new Unfenced(Thread.currentThread()), OFTEN);

        assertThat(outcome.leaked()).as("%s", outcome).isPositive();
    }

    private static final class Unfenced implements FenceRig.Subject {
        private final Thread thread;
        private volatile boolean armed;
        private volatile boolean fired;

        Unfenced(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void arm() {
            fired = false;
            armed = true;
        }

        @Override
        public boolean disarm() {
            armed = false;
            boolean late = fired;
            if (late) {
                boolean unused = Thread.interrupted();
            }
            return late;
        }

        @Override
        public void look() {
            if (armed) {
                fired = true;
                thread.interrupt();
            }
        }
    }
}
