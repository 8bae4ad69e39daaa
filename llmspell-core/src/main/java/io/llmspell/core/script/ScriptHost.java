package io.llmspell.core.script;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.time.TimeSource;
import java.util.List;

/**
 * What an engine needs from its runtime.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param globals what scripts find; copied
 * @param limits how much a script may use
 * @param output where {@code print} goes
 * @param errorOutput where a script's standard error goes
 * @param time the clock
 * @param ids makes ids
 * @param json the JSON codec
 * @param caller on whose behalf the engine's scripts run; the engine adds its own principal and language
 */
public record ScriptHost(
        List<ScriptModule> globals,
        ScriptLimits limits,
        ScriptOutput output,
        ScriptOutput errorOutput,
        TimeSource time,
        IdGenerator ids,
        JsonCodec json,
        Caller caller) {
    /**
     * Copies the globals.
     *
     * @param globals what scripts find
     * @param limits how much a script may use
     * @param output where {@code print} goes
     * @param errorOutput where a script's standard error goes
     * @param time the clock
     * @param ids makes ids
     * @param json the JSON codec
     * @param caller on whose behalf scripts run
     */
    public ScriptHost {
        globals = List.copyOf(globals);
    }
}
