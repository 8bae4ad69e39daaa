package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RevocationFaultTest {
    /** Keeps the first verdict that allows. */
    private static UnaryOperator<StateManager> caching() {
        Set<Scope> allowed = ConcurrentHashMap.newKeySet();
        return real -> PlantedManager.with((Caller caller, boolean quietly, String method, Object[] arguments) -> {
                    Scope scope = ((StateKey) arguments[0]).scope();
                    if (allowed.contains(scope)) {
                        return Fixture.HOST;
                    }
                    if (real.access(caller).allows(scope, StateOperation.READ, null)) {
                        allowed.add(scope);
                    }
                    return caller;
                })
                .apply(real);
    }

    @ParameterizedTest
    @EnumSource
    void verdictCached_isRed(RevocationCheck.Means means) {
        assertThatThrownBy(() -> new RevocationCheck(caching()).whatIsTaken_isRefusedNext(means, 20))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("read after it was taken");
    }
}
