package io.llmspell.examples.guide;

import io.llmspell.LlmSpell;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.StateView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the pages take for granted: a runtime, its hooks, somebody who calls. */
abstract class Guide {
    LlmSpell spell;
    HookRegistry hooks;
    Caller caller;
    StateView state;

    @BeforeEach
    void open() {
        spell = LlmSpell.builder().build();
        hooks = spell.hooks();
        caller = spell.caller();
        state = spell.state().as(caller);
    }

    @AfterEach
    void close() {
        spell.close();
    }
}
