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
        try (SessionLeakCheck check = new SessionLeakCheck(UnaryOperator.identity(), UnaryOperator.identity())) {
            check.endedSessions_leaveNothing_andOthersKeepTheirs();
        }
    }
}
