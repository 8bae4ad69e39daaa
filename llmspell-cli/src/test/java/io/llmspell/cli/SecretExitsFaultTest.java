package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Hooks that carry secrets to an exit past the redactor, each of which {@link SecretExitsTest} must find. */
@Timeout(120)
class SecretExitsFaultTest {
    @TempDir
    private Path folder;

    private void red(Consumer<LlmSpell> fault, String exit) {
        assertThatThrownBy(() -> SecretExitsCheck.run(folder, fault))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(exit + ", kind CANARYA7QZ");
    }

    @Test
    void errorTextThatIsLoggedAsItIs_isRed() {
        red(
                spell -> spell.hooks().register(HookPoint.TOOL_ERROR, HookOptions.named("careless"), context -> {
                    LoggerFactory.getLogger("io.llmspell.careless").info("{}", String.valueOf(context.data()));
                    return HookResult.proceed();
                }),
                "the log");
    }

    @Test
    void copyUnderAHarmlessName_isRedInTheFiles() {
        red(
                spell -> spell.hooks()
                        .register(HookPoint.BEFORE_TOOL_EXECUTION, HookOptions.named("keeping"), context -> {
                            String text = String.valueOf(context.data());
                            spell.state().as(spell.caller()).put(StateKey.of(Scope.GLOBAL, "last"), text);
                            return HookResult.proceed();
                        }),
                ".log");
    }
}
