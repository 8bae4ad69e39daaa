package io.llmspell.state.agent;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.testing.check.Check;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is done with one agent's record in turns loses nothing, and agents do not mix. */
@Check("C05")
@EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "minutes; profile fuzz")
class AgentTurnsLincheckTest {
    /** Turns wait for each other on real threads, which a model checker cannot see. */
    static StressOptions options() {
        return new StressOptions()
                .iterations(50)
                .invocationsPerIteration(1_000)
                .threads(2)
                .actorsPerThread(4)
                .minimizeFailedScenario(false)
                .actorsBefore(1)
                .actorsAfter(1)
                .sequentialSpecification(Counters.class);
    }

    @Test
    void turns_areLinearisable() {
        assertThatCode(() -> options().check(Subject.class)).doesNotThrowAnyException();
    }

    /** The meaning: a counter for each agent. */
    public static final class Counters {
        private final int[] values = new int[2];

        @Operation
        public int add(int agent, int more) {
            values[agent] += more;
            return values[agent];
        }
    }

    /** Lets work on one agent take turns. */
    interface Turns {
        int take(Bytes agent, Supplier<Integer> work);
    }

    /** Counters that nothing but the turns protects. */
    static final class Ledger {
        private final int[] values = new int[2];
        private final Turns turns;
        private final Runnable between;

        Ledger(Turns turns, Runnable between) {
            this.turns = turns;
            this.between = between;
        }

        int add(int agent, int more) {
            return turns.take(Bytes.utf8("agent-" + agent), () -> {
                int before = values[agent];
                between.run();
                values[agent] = before + more;
                return values[agent];
            });
        }
    }

    /** The turns of the house. */
    @Param(name = "agent", gen = IntGen.class, conf = "0:1")
    @Param(name = "more", gen = IntGen.class, conf = "1:3")
    public static final class Subject {
        private static final TimeSource TIME = new SystemTimeSource();
        private static final Caller CALLER = Caller.of(new Principal.Host(), Language.JAVA, new CorrelationId("turns"));

        private final AgentTurns turns = new AgentTurns(Awaiter.blocking(TIME), TIME);
        private final Ledger ledger = new Ledger((agent, work) -> turns.take(agent, "a", CALLER, work), () -> {});

        @Operation
        public int add(@Param(name = "agent") int agent, @Param(name = "more") int more) {
            return ledger.add(agent, more);
        }
    }
}
