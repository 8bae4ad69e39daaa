package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import org.junit.jupiter.api.Test;

class SecretsGuideTest extends Guide {
    @Test
    void newKey() {
        state.put(StateKey.of(Scope.GLOBAL, "api_key"), "hunter2");
        // region
        int sealedAgain = spell.rotateKeys();
        // endregion

        assertThat(sealedAgain).isPositive();
    }
}
