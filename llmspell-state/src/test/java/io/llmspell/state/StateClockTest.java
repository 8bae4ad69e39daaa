package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StateClockTest {
    private final ManualTime time = new ManualTime();
    private final StateClock clock = new StateClock(time);

    @Test
    void reached_isWhatMillisSay_toTheMillisecond() {
        long start = clock.millis();
        for (long later : new long[] {1, 999, 1_000, 1_001, 86_400_000, 31_536_000_000L}) {
            Instant moment = Instant.ofEpochMilli(start + later);
            time.advance(Duration.ofMillis(start + later - 1 - clock.millis()));
            assertThat(clock.reached(moment)).as("%d ms, one before", later).isFalse();
            time.advance(Duration.ofMillis(1));
            assertThat(clock.reached(moment)).as("%d ms", later).isTrue();
        }
    }

    @Test
    void reached_momentsFarAway_areNeverAndAlways() {
        assertThat(clock.reached(Instant.MAX)).isFalse();
        assertThat(clock.reached(Instant.ofEpochMilli(Long.MAX_VALUE))).isFalse();
        assertThat(clock.reached(Instant.MIN)).isTrue();
        assertThat(clock.reached(Instant.ofEpochMilli(clock.millis()))).isTrue();
        assertThat(clock.reached(Instant.EPOCH)).isTrue();
    }
}
