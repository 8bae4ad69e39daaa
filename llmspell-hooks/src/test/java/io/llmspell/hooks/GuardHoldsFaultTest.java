package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookOptionsBuilder;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.hooks.GuardHoldsCheck.Weakness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class GuardHoldsFaultTest {
    /** Takes every guard for an observer: what fails is passed over. */
    private static final class FailsOpen extends ForwardingRegistry {
        FailsOpen(HookRegistry real) {
            super(real);
        }

        @Override
        HookOptions options(HookOptions options) {
            HookOptionsBuilder open = HookOptions.builder(options.name()).failurePolicy(FailurePolicy.FAIL_OPEN);
            return options.isolated() ? open.isolated().build() : open.build();
        }
    }

    /** What could not start is skipped. */
    private static final class UnloadedIsSkipped extends ForwardingRegistry {
        UnloadedIsSkipped(HookRegistry real) {
            super(real);
        }

        @Override
        Hook hook(Hook hook) {
            return context -> {
                try {
                    return hook.execute(context);
                } catch (LlmSpellException failure) {
                    if (failure.code().equals(ErrorCode.HOOK_UNAVAILABLE)) {
                        return HookResult.skipped("unloaded");
                    }
                    throw failure;
                }
            };
        }
    }

    /** A hook that was unregistered is skipped at once, also by operations that began with it. */
    private static final class RemovedIsSkipped extends ForwardingRegistry {
        RemovedIsSkipped(HookRegistry real) {
            super(real);
        }

        @Override
        public HookHandle register(HookPoint point, HookOptions options, Hook hook) {
            return super.register(
                    point,
                    options,
                    context -> list(io.llmspell.core.hook.HookFilter.at(point)).stream()
                                    .anyMatch(each -> each.name().equals(options.name()))
                            ? hook.execute(context)
                            : HookResult.skipped("removed"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"REMOVED"})
    void guardThatFailsOpen_isRed(Weakness weakness) {
        assertRed(new GuardHoldsCheck(FailsOpen::new), weakness);
    }

    @Test
    void unloadedGuardTakenForSkipped_isRed() {
        assertRed(new GuardHoldsCheck(UnloadedIsSkipped::new), Weakness.UNLOADED);
    }

    @Test
    void removedGuardTakenForSkipped_isRed() {
        assertRed(new GuardHoldsCheck(RemovedIsSkipped::new), Weakness.REMOVED);
    }

    private static void assertRed(GuardHoldsCheck check, Weakness weakness) {
        assertThatThrownBy(() -> check.nothingForbidden_isAccepted(weakness))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(weakness + ": what was accepted");
    }
}
