package io.llmspell.bridge;

import io.llmspell.core.identity.Language;
import io.llmspell.core.script.ScriptEngine;
import io.llmspell.core.script.ScriptEngineProvider;
import io.llmspell.core.script.ScriptHost;
import java.util.Set;

/** Engines of a language of one word a script, see {@link TextEngine}; they stand for Lua in tests without Lua. */
public final class TextEngineProvider implements ScriptEngineProvider {
    /** Makes a provider. */
    public TextEngineProvider() {}

    @Override
    public Language language() {
        return Language.LUA;
    }

    @Override
    public Set<String> extensions() {
        return Set.of("txt");
    }

    @Override
    public ScriptEngine open(ScriptHost host) {
        return new TextEngine(host);
    }
}
