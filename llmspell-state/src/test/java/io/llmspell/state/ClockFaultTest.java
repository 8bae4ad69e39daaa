package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.time.TimeSource;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The check of clocks must find times to live that are measured with the wall clock. */
class ClockFaultTest {
    /** Ticks that follow the wall clock, steps and all. */
    private record WallClock(ManualTime machine) implements TimeSource {
        @Override
        public long nanos() {
            return machine.now().toEpochMilli() * 1_000_000;
        }

        @Override
        public Instant now() {
            return machine.now();
        }

        @Override
        public Handle schedule(Duration delay, Runnable task) {
            return machine.schedule(delay, task);
        }
    }

    @Test
    void timeToLiveByTheWallClock_isFound() {
        assertThat(new ClockCheck(WallClock::new).run())
                .anyMatch(each -> each.contains("ended early"))
                .anyMatch(each -> each.contains("did not end"));
    }
}
