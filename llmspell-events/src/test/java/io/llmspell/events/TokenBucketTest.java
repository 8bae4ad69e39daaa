package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private final ManualTime time = new ManualTime();

    private int taken(TokenBucket bucket, int most) {
        int count = 0;
        while (count < most && bucket.take() == 0) {
            count++;
        }
        return count;
    }

    @Test
    void take_fullBucket_givesTheBurstAndTellsTheWait() {
        TokenBucket bucket = new TokenBucket(time, new EventSettings.RateLimit(1000, 20));

        assertThat(taken(bucket, 100)).isEqualTo(20);
        assertThat(bucket.take()).isBetween(1_000_000L, 1_000_001L);
        time.advance(Duration.ofMillis(1));
        assertThat(bucket.take()).isZero();
        assertThat(bucket.take()).isPositive();
    }

    @Test
    void take_longRest_fillsTheBucketAndNoMore() {
        TokenBucket bucket = new TokenBucket(time, new EventSettings.RateLimit(1_000_000, 3));

        assertThat(taken(bucket, 100)).isEqualTo(3);
        time.advance(Duration.ofDays(365));
        assertThat(taken(bucket, 100)).isEqualTo(3);
    }

    /** Over any history at most burst + rate * time tokens are given, and never fewer than a full bucket allows. */
    @Property(tries = 300)
    void take_anyHistory_keepsTheRate(
            @ForAll @IntRange(min = 1, max = 1000) int rate,
            @ForAll @IntRange(min = 1, max = 50) int burst,
            @ForAll @Size(max = 50) List<@IntRange(max = 200) Integer> pauses) {
        TokenBucket bucket = new TokenBucket(time, new EventSettings.RateLimit(rate, burst));
        long given = 0;
        long millis = 0;
        for (int pause : pauses) {
            time.advance(Duration.ofMillis(pause));
            millis += pause;
            given += taken(bucket, 10_000);
        }
        if (!pauses.isEmpty()) {
            assertThat(given).isBetween((long) burst, burst + rate * millis / 1000);
        }
    }

    @Test
    void limit_outOfRange_isRefused() {
        assertThatThrownBy(() -> new EventSettings.RateLimit(0, 1)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> new EventSettings.RateLimit(1_000_001, 1)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> new EventSettings.RateLimit(1, 0)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> new EventSettings.RateLimit(1, 10_000_001)).isInstanceOf(ArgumentException.class);
    }
}
