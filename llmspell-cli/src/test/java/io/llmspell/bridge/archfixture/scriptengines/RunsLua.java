package io.llmspell.bridge.archfixture.scriptengines;

import org.luaj.vm2.LuaValue;

/** Planted: LuaJ outside its leaf. */
record RunsLua(LuaValue value) {}
