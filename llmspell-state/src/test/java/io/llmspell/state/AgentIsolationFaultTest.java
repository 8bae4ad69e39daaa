package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.StateException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AgentIsolationFaultTest {
    /**
     * The caller is kept in a field of the manager, where another's stands by the time of the check: always that of the
     * first agent, since one in seven of all calls is more than all of that agent's.
     */
    @Test
    void callerInASharedField_isRed() {
        AtomicReference<Caller> first = new AtomicReference<>();
        AtomicInteger calls = new AtomicInteger();
        var check = new AgentIsolationCheck(PlantedManager.with((caller, quietly, method, arguments) -> {
            first.compareAndSet(null, caller);
            return calls.incrementAndGet() % 7 == 0 ? first.get() : caller;
        }));
        assertThatThrownBy(check::everyCrossScopeAttempt_fails_andIsCounted).isInstanceOf(AssertionError.class);
    }

    /** One refusal in fifty is written down nowhere. */
    @Test
    void someRefusalsUnaudited_isRed() {
        AtomicInteger calls = new AtomicInteger();
        var check = new AgentIsolationCheck(PlantedManager.with((caller, quietly, method, arguments) -> {
            if (quietly && calls.incrementAndGet() % 50 == 0) {
                throw new StateException(ErrorCode.ACCESS_DENIED, "no");
            }
            return caller;
        }));
        assertThatThrownBy(check::everyCrossScopeAttempt_fails_andIsCounted)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("denials by agent");
    }
}
