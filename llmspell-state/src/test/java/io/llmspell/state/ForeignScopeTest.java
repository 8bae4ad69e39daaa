package io.llmspell.state;

import io.llmspell.testing.check.Check;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("I03")
@Timeout(60)
class ForeignScopeTest {
    private final ForeignScopeCheck check = new ForeignScopeCheck(UnaryOperator.identity());

    @ParameterizedTest
    @EnumSource
    void way_toAForeignScope_isRefused_andAudited(ForeignScopeCheck.Way way) {
        check.nothingForeign_isReached(way);
    }

    @Test
    void hookContext_ofAForeignScope_isRefused_andAudited() {
        check.nothingForeign_isReached_fromAHooksContext();
    }
}
