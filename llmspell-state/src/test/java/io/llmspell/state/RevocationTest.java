package io.llmspell.state;

import io.llmspell.testing.check.Check;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("I04")
@Timeout(60)
class RevocationTest {
    @ParameterizedTest
    @EnumSource
    void rights_thatAreTaken_bindTheNextOperation(RevocationCheck.Means means) throws InterruptedException {
        new RevocationCheck(UnaryOperator.identity()).whatIsTaken_isRefusedNext(means, 200);
    }
}
