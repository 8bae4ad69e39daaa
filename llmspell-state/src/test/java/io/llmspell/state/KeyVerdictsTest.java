package io.llmspell.state;

import io.llmspell.core.state.StateClass;
import io.llmspell.testing.check.Check;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("I02")
@Timeout(60)
class KeyVerdictsTest {
    @ParameterizedTest
    @EnumSource
    void keys_inEachClass_haveTheDocumentedVerdict(StateClass stateClass) {
        try (Fixture fixture = new Fixture(new PassThroughGate(), new ManualTime())) {
            KeyVerdictsCheck.run(KeyVerdictsCheck.of(fixture.host(), stateClass));
        }
    }
}
