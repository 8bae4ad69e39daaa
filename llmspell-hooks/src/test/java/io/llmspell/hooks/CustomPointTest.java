package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CustomPointTest {
    private static final HookPoint MINE = HookPoint.custom("mine");

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private FireResult fire(@org.jspecify.annotations.Nullable Object data) {
        return rig.hooks.fire(MINE, data, Rig.caller());
    }

    @Test
    void fire_withoutHooks_givesTheData() {
        assertThat(fire(null)).isEqualTo(new FireResult(HookResultKind.CONTINUE, null, null));
        assertThat(fire(java.util.Map.of("a", 1)))
                .isEqualTo(new FireResult(HookResultKind.CONTINUE, null, JsonObject.of("a", 1)));
    }

    @Test
    void fire_hooksOfEachKind_areSeenInTheResult() {
        rig.guard(MINE, "kind", context -> {
            assertThat(context.operation().kind()).isEqualTo(OperationKind.CUSTOM);
            return switch (String.valueOf(context.data())) {
                case "modify" -> HookResult.modified("modified");
                case "replace" -> HookResult.replace("replaced");
                case "cancel" -> HookResult.cancel("no");
                case "fail" -> throw new UnsupportedOperationException("planted");
                default -> HookResult.skipped("none of mine");
            };
        });

        assertThat(fire("x")).isEqualTo(new FireResult(HookResultKind.CONTINUE, null, "x"));
        assertThat(fire("modify")).isEqualTo(new FireResult(HookResultKind.MODIFIED, null, "modified"));
        assertThat(fire("replace")).isEqualTo(new FireResult(HookResultKind.REPLACE, null, "replaced"));
        assertThat(fire("cancel")).isEqualTo(new FireResult(HookResultKind.CANCEL, "no", "cancel"));
        assertThatThrownBy(() -> fire("fail"))
                .hasMessage("hook \"kind\" must not fail at custom:mine of system/hooks, but did: hook \"kind\" at"
                        + " custom:mine failed with UnsupportedOperationException; the log has the cause (internal)"
                        + " [hook_failed]");
    }

    @Test
    void fire_dataThatIsNoJson_isRefused() {
        assertThatThrownBy(() -> fire(new Object())).hasMessageContaining("[value_not_convertible]");
    }

    @Test
    void fire_modifiedDataThatIsTooLarge_failsTheHook() {
        rig.guard(MINE, "large", context -> HookResult.modified("x".repeat(2 << 20)));

        assertThatThrownBy(() -> fire("x"))
                .hasMessageStartingWith("hook \"large\" must not fail at custom:mine of system/hooks, but did: ")
                .hasMessageContaining("1048576 bytes");
    }
}
