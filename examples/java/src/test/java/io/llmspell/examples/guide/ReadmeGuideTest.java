package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.LlmSpell;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeGuideTest {
    @TempDir
    private Path folder;

    @Test
    void inYourOwnProgram() throws IOException {
        Path script = Files.writeString(folder.resolve("a.lua"), """
                assert(State.get("title") == "Tides")
                local ok, refused = pcall(State.set, "title", "a draft")
                assert(not ok and refused.code == "operation_cancelled", refused)
                State.set("read", true)
                """);
        Path folder = this.folder.resolve("store");
        // region
        try (LlmSpell spell = LlmSpell.builder()
                .storage(RocksDbStorage.at(folder).createIfMissing())
                .build()) {
            spell.hooks()
                    .register(
                            HookPoint.BEFORE_STATE_WRITE,
                            "no-drafts",
                            context -> context.data().toString().contains("draft")
                                    ? HookResult.cancel("no drafts here")
                                    : HookResult.proceed());

            spell.state().as(spell.caller()).put(StateKey.of(Scope.GLOBAL, "title"), "Tides");
            spell.lua().run(script); // State.get("title") is "Tides"; State.set("title", "a draft") is refused
        }
        // endregion

        try (LlmSpell spell =
                LlmSpell.builder().storage(RocksDbStorage.at(folder)).build()) {
            assertThat(spell.state().as(spell.caller()).get(StateKey.of(Scope.GLOBAL, "read")))
                    .isPresent();
        }
    }
}
