package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@Check("E08")
@EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "seconds of waiting; profile fuzz")
class EventStreamTckTest {
    @Test
    void streams_keepEveryRuleOfReactiveStreams() {
        Tck.Outcome outcome = Tck.run(Streams.class);

        assertThat(outcome.failed()).isEmpty();
        assertThat(outcome.passed()).isGreaterThan(20);
    }

    /** The streams of the bus. */
    public static final class Streams extends Tck.BusStreams {
        public Streams() {}
    }
}
