package io.llmspell.bridge.lua;

import io.llmspell.core.identity.Language;
import io.llmspell.core.script.ScriptEngine;
import io.llmspell.core.script.ScriptEngineProvider;
import io.llmspell.core.script.ScriptHost;
import java.util.Set;

/**
 * Makes Lua engines; found by {@link java.util.ServiceLoader}.
 *
 * <p><b>Threads:</b> safe.
 */
public final class LuaEngineProvider implements ScriptEngineProvider {
    /** Makes a provider. */
    public LuaEngineProvider() {}

    @Override
    public Language language() {
        return Language.LUA;
    }

    @Override
    public Set<String> extensions() {
        return Set.of("lua");
    }

    /** Runs an empty script in a sandbox that reaches nothing. */
    @Override
    public void prepare() {
        LuaSandbox.warmUp();
    }

    @Override
    public ScriptEngine open(ScriptHost host) {
        return new LuaEngine(host);
    }
}
