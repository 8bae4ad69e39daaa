package io.llmspell.bridge;

import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.script.ScriptOutput;

/** How the scripts of a runtime run. */
record ScriptSettings(ScriptLimits limits, ScriptOutput output, ScriptOutput errorOutput) {}
