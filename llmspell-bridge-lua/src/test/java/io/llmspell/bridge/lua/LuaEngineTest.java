package io.llmspell.bridge.lua;

import io.llmspell.core.script.ScriptEngineProvider;
import io.llmspell.testing.script.ScriptDialect;
import io.llmspell.testing.script.ScriptEngineContract;

/** The Lua engine keeps the contract of script engines. */
final class LuaEngineTest implements ScriptEngineContract {
    @Override
    public ScriptEngineProvider provider() {
        return new LuaEngineProvider();
    }

    @Override
    public ScriptDialect dialect() {
        return new LuaDialect();
    }
}
