package io.llmspell.state;

import io.llmspell.testing.check.Check;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Check("I03")
@Timeout(60)
class AgentIsolationTest {
    @Test
    void tenAgentsOnFourThreadsEach_reachNothingOfEachOther() throws InterruptedException {
        new AgentIsolationCheck(UnaryOperator.identity()).everyCrossScopeAttempt_fails_andIsCounted();
    }
}
