package io.llmspell.bridge.globals;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import java.util.List;

/**
 * The global {@code JSON}: parse and stringify. Marks that only an engine can make ({@code null}, {@code array},
 * {@code float}) are added by the engine.
 */
final class JsonGlobal {
    private JsonGlobal() {}

    static ScriptModule describe(GlobalServices services) {
        return ScriptModule.of(
                "JSON",
                "Reads and writes JSON text.",
                List.of(
                        ScriptFunction.plain(
                                "parse",
                                "text",
                                "Reads a JSON text; raises json_error with line and column.",
                                call -> services.json().parse(call.text(0, "text"), JsonLimits.TOOL)),
                        ScriptFunction.plain(
                                "stringify",
                                "value, indent?",
                                "Writes a value as JSON text, compact or indented by some spaces.",
                                call -> stringify(services, call))));
    }

    private static String stringify(GlobalServices services, ScriptCall call) {
        Object value = call.json(0, JsonLimits.TOOL);
        int indent = call.number(1, "indent", 0).intValue();
        return indent > 0
                ? services.json().pretty(value, indent)
                : services.json().text(value);
    }
}
