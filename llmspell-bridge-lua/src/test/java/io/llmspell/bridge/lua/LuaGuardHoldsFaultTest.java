package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.bridge.lua.LuaGuardHoldsCheck.Weakness;
import io.llmspell.bridge.lua.LuaHookRig.Plant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class LuaGuardHoldsFaultTest {
    /** A hook that was unregistered is skipped at once, also by operations that began with it. */
    private static final Plant REMOVED_IS_SKIPPED = new Plant(
            "function(p, f, o) local gone = false"
                    + " local h = Hook.register(p, function(ctx) if not gone then return f(ctx) end end, o)"
                    + " return {unregister = function() gone = true return true end} end",
            Map.of());

    /** Takes every guard for an observer: what fails is passed over. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"REMOVED"})
    void guardThatFailsOpen_isRed(Weakness weakness) {
        assertRed(Plant.options("o.on_error = 'continue'"), weakness);
    }

    @Test
    void removedGuardTakenForSkipped_isRed() {
        assertRed(REMOVED_IS_SKIPPED, Weakness.REMOVED);
    }

    private static void assertRed(Plant plant, Weakness weakness) {
        assertThatThrownBy(() -> new LuaGuardHoldsCheck(plant).nothingForbidden_isAccepted(weakness))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(weakness + ": what was accepted");
    }
}
