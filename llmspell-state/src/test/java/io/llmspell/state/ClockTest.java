package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Test;

/** The machine's clock steps and changes its zone: nothing ends early or late, and the order stays. */
@Check("X01")
class ClockTest {
    @Test
    void clockThatSteps_endsNothingEarlyAndKeepsTheOrder() {
        assertThat(new ClockCheck(machine -> machine).run()).isEmpty();
    }
}
