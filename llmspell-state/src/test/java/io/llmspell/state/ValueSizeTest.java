package io.llmspell.state;

import io.llmspell.core.state.StateClass;
import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("D14")
@Timeout(60)
class ValueSizeTest {
    @ParameterizedTest
    @EnumSource
    void values_beyondOneMebibyte_areRefusedUncopied(StateClass stateClass) {
        ValueSizeCheck.run(stateClass, ValueSizeCheck::apply);
    }
}
