package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmspell.testing.check.Check;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The breaker answers as if its calls came one after another. */
@Check("C02")
class BreakerLincheckTest {
    /** Model checking explores a few hundred interleavings of each scenario; the fuzz profile many more. */
    static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(20)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(1);
    }

    @Test
    void breaker_isLinearisable() {
        assertThatCode(() -> options().check(Subject.class)).doesNotThrowAnyException();
    }

    @Test
    @EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "minutes; profile fuzz")
    void breaker_isLinearisable_long() {
        assertThatCode(() -> {
                    options()
                            .iterations(200)
                            .invocationsPerIteration(2_000)
                            .threads(3)
                            .check(Subject.class);
                    new StressOptions()
                            .iterations(100)
                            .invocationsPerIteration(5_000)
                            .threads(3)
                            .actorsPerThread(3)
                            .check(Subject.class);
                })
                .doesNotThrowAnyException();
    }

    /** The operations; one tick is half of the open time, and a ticket that was never given is harmless. */
    @Param(name = "now", gen = IntGen.class, conf = "0:3")
    @Param(name = "ticket", gen = IntGen.class, conf = "1:3")
    public static final class Subject {
        private static final long TICK = Duration.ofMillis(1).toNanos();

        private final Breaker breaker = new Breaker(
                new BreakerSettings(
                        2, Duration.ofMillis(2), 0, Duration.ZERO, 2, Duration.ofMillis(2), 1.5, Duration.ofMillis(3)),
                true,
                Breaker.Listener.NONE);

        @Operation
        public int tryAcquire(@Param(name = "now") int now) {
            return breaker.tryAcquire(now * TICK);
        }

        @Operation
        public void succeeded(@Param(name = "ticket") int ticket, @Param(name = "now") int now) {
            breaker.ended(ticket, now * TICK, 0, false);
        }

        @Operation
        public void failed(@Param(name = "ticket") int ticket, @Param(name = "now") int now) {
            breaker.ended(ticket, now * TICK, 0, true);
        }

        @Operation
        public void releaseUnused(@Param(name = "ticket") int ticket) {
            breaker.releaseUnused(ticket);
        }

        @Operation
        public void overrun(@Param(name = "now") int now) {
            breaker.overrun(now * TICK);
        }

        @Operation
        public void ranOut() {
            breaker.ranOut();
        }

        @Operation
        public void open(@Param(name = "now") int now) {
            breaker.open(now * TICK, BreakerReason.OVERHEAD);
        }

        @Operation
        public void close(@Param(name = "now") int now) {
            breaker.close(now * TICK);
        }

        @Operation
        public String state(@Param(name = "now") int now) {
            return breaker.state(now * TICK).id();
        }
    }
}
