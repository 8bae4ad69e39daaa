package io.llmspell.state.agent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The check of the turns must find those that let two in at once. */
@EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "minutes; profile fuzz")
class AgentTurnsLincheckFaultTest {
    @Test
    void turnsForNobody_areFound() {
        assertThatThrownBy(() -> AgentTurnsLincheckTest.options()
                        .iterations(100)
                        .invocationsPerIteration(50)
                        .check(Crowd.class))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** The planted turns. */
    @Param(name = "agent", gen = IntGen.class, conf = "0:1")
    @Param(name = "more", gen = IntGen.class, conf = "1:3")
    public static final class Crowd {
        private final Meeting meeting = new Meeting();
        private final AgentTurnsLincheckTest.Ledger ledger =
                new AgentTurnsLincheckTest.Ledger((agent, work) -> work.get(), meeting::meet);

        @Operation
        public int add(@Param(name = "agent") int agent, @Param(name = "more") int more) {
            return ledger.add(agent, more);
        }
    }

    /** Keeps a thread between reading and writing until another is there too, so that it need not be luck. */
    private static final class Meeting {
        private static final long MILLIS = 5;

        private int inside;

        synchronized void meet() {
            inside++;
            notifyAll();
            try {
                if (inside % 2 == 1) {
                    wait(MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
