package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.ConsumptionProbe;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TokenBucketPropertiesTest {
    private final ManualTime time = new ManualTime();

    @Property
    void grants_neverExceedTheFullBucketAndTheRefill(
            @ForAll @IntRange(min = 1, max = 50) int capacity,
            @ForAll @IntRange(min = 0, max = 20) int burst,
            @ForAll @IntRange(min = 1, max = 30) int rate,
            @ForAll @Size(max = 60) List<@LongRange(min = 0, max = 400) Long> pauses) {
        ManualTime clock = new ManualTime();
        TokenBucket bucket =
                new TokenBucket(new RateLimitConfig.Limit(capacity, burst, rate, Duration.ofSeconds(1)), clock);
        long granted = 0;
        long passed = 0;
        for (long pause : pauses) {
            clock.advance(Duration.ofMillis(pause));
            passed += pause;
            while (bucket.take().isConsumed()) {
                granted++;
            }
            assertThat(granted).isLessThanOrEqualTo(capacity + burst + passed * rate / 1_000);
        }
        if (!pauses.isEmpty()) { // and nothing is withheld: a full bucket is given out at once
            assertThat(granted).isGreaterThanOrEqualTo(capacity + burst);
        }
    }

    @Property
    void wait_isExactToANanosecond(
            @ForAll @IntRange(min = 1, max = 1_000) int rate, @ForAll @LongRange(min = 1, max = 5_000) long millis) {
        ManualTime clock = new ManualTime();
        TokenBucket bucket = new TokenBucket(new RateLimitConfig.Limit(1, 0, rate, Duration.ofMillis(millis)), clock);
        bucket.take();
        ConsumptionProbe refused = bucket.take();

        assertThat(refused.getNanosToWaitForRefill()).isEqualTo(millis * 1_000_000 / rate);
        clock.advance(
                Duration.ofNanos(refused.getNanosToWaitForRefill() + 1)); // Bucket4j cuts parts of a nanosecond off
        assertThat(bucket.take().isConsumed()).isTrue();
    }

    @Property
    void reservations_areServedOneAfterTheOther(
            @ForAll @IntRange(min = 1, max = 10) int capacity, @ForAll @IntRange(min = 1, max = 40) int more) {
        ManualTime clock = new ManualTime();
        TokenBucket bucket = new TokenBucket(new RateLimitConfig.Limit(capacity, 0, 1, Duration.ofSeconds(1)), clock);
        long longest = Duration.ofSeconds(1_000).toNanos();
        for (int i = 0; i < capacity; i++) {
            assertThat(bucket.reserve(longest)).isZero();
        }
        for (int i = 1; i <= more; i++) {
            assertThat(bucket.reserve(longest)).isEqualTo(Duration.ofSeconds(i).toNanos());
        }
        assertThat(bucket.reserve(Duration.ofSeconds(more).toNanos())).isEqualTo(TokenBucket.NEVER);

        bucket.giveBack();
        assertThat(bucket.reserve(longest)).isEqualTo(Duration.ofSeconds(more).toNanos());
    }

    @Example
    void grants_ofManyThreads_areCountedExactly() throws Exception {
        int calls = 50_000;
        TokenBucket bucket = new TokenBucket(new RateLimitConfig.Limit(3L * calls, 0, 1, Duration.ofDays(1)), time);
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            threads.submit(() -> {
                start.await();
                for (int n = 0; n < calls; n++) {
                    bucket.take();
                }
                return null;
            });
        }
        start.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        assertThat(bucket.state().allowed()).isEqualTo(3L * calls);
        assertThat(bucket.state().limited()).isEqualTo(calls);
        assertThat(bucket.state().available()).isZero();
    }
}
