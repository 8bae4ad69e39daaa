package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmspell.testing.check.Check;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The bucket of a rate limit answers as if its calls came one after another; scenarios refill what they drain. */
@Check("C01")
class TokenBucketLincheckTest {
    /** Few scenarios, for each step of Bucket4j is one for the checker too; the fuzz profile tries more. */
    static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(5)
                .invocationsPerIteration(80)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(1);
    }

    @Test
    void bucket_isLinearisable() {
        assertThatCode(() -> options().check(Subject.class)).doesNotThrowAnyException();
    }

    @Test
    @EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "minutes; profile fuzz")
    void bucket_isLinearisable_long() {
        assertThatCode(() -> {
                    options().iterations(30).invocationsPerIteration(500).check(Subject.class);
                    new StressOptions()
                            .iterations(50)
                            .invocationsPerIteration(2_000)
                            .threads(3)
                            .actorsPerThread(3)
                            .check(Subject.class);
                })
                .doesNotThrowAnyException();
    }

    /** A bucket of two tokens; the clock stands, so that tokens come back by being given back alone. */
    public static final class Subject {
        private static final Duration NEXT = Duration.ofHours(1);

        private final TokenBucket bucket = new TokenBucket(new RateLimitConfig.Limit(2, 0, 1, NEXT), new ManualTime());

        @Operation
        public boolean take() {
            return bucket.take().isConsumed();
        }

        /** The hours to wait, and -1 if there would be more than two. */
        @Operation
        public long reserve() {
            long wait = bucket.reserve(NEXT.multipliedBy(2).toNanos());
            return wait == TokenBucket.NEVER ? wait : wait / NEXT.toNanos();
        }

        @Operation
        public void giveBack() {
            bucket.giveBack();
        }

        @Operation
        public void turnCame() {
            bucket.turnCame();
        }

        @Operation
        public String state() {
            TokenBucket.State now = bucket.state();
            return now.available() + " left, " + now.allowed() + " allowed, " + now.limited() + " limited, "
                    + now.delayed() + " delayed";
        }
    }
}
