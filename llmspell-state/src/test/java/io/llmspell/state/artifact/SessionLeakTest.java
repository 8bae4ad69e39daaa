package io.llmspell.state.artifact;

import io.llmspell.testing.check.Check;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Check("I05")
@Timeout(120)
class SessionLeakTest {
    @Test
    void sessions_thatEnd_leaveNothing() {
        int sessions = Boolean.getBoolean("llmspell.soak") ? 100 : 30;
        try (SessionLeakCheck check =
                new SessionLeakCheck(UnaryOperator.identity(), UnaryOperator.identity(), sessions)) {
            check.endedSessions_leaveNothing_andOthersKeepTheirs();
        }
    }
}
