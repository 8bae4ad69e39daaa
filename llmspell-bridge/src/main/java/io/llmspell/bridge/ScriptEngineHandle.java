package io.llmspell.bridge;

import io.llmspell.core.script.ScriptEngine;

/** An engine that is closed once. */
record ScriptEngineHandle(ScriptEngine engine) {
    void closeEngine() {
        engine.close();
    }
}
