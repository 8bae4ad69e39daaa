package io.llmspell.events;

import io.llmspell.testing.check.Check;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Random histories; what fails names its seed, with which {@link HistoryCheck#play} plays the same again. */
@Check("E02")
class HistoryTest {
    private static void play(int histories) {
        for (int i = 0; i < histories; i++) {
            HistoryCheck.play(
                    UnaryOperator.identity(), ThreadLocalRandom.current().nextLong());
        }
    }

    @Test
    @Timeout(300)
    void randomHistories_areRight() {
        play(40);
    }

    @Test
    @EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "minutes; profile fuzz")
    void randomHistories_areRight_long() {
        play(5_000);
    }
}
