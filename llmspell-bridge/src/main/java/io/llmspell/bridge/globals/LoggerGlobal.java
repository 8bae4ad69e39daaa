package io.llmspell.bridge.globals;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The global {@code Logger}: log lines of scripts, redacted, with script and correlation id. */
final class LoggerGlobal {
    private static final Logger LOG = LoggerFactory.getLogger("llmspell.script");

    private LoggerGlobal() {}

    static ScriptModule describe(GlobalServices services) {
        Map<String, BiConsumer<String, Object[]>> levels = new java.util.LinkedHashMap<>();
        levels.put("trace", LOG::trace);
        levels.put("debug", LOG::debug);
        levels.put("info", LOG::info);
        levels.put("warn", LOG::warn);
        levels.put("error", LOG::error);
        List<ScriptFunction> functions = new ArrayList<>();
        levels.forEach((level, sink) -> functions.add(ScriptFunction.plain(
                level,
                "message, data?",
                "Writes a log line of level " + level + "; secrets are masked.",
                call -> log(services, sink, call))));
        return ScriptModule.of("Logger", "Writes to the log of the runtime.", functions);
    }

    private static Object log(GlobalServices services, BiConsumer<String, Object[]> sink, ScriptCall call) {
        StringBuilder line = new StringBuilder(services.redactor().text(call.text(0, "message")));
        if (call.has(1)) {
            Object data = services.redactor().value(call.json(1, JsonLimits.VALUE));
            line.append(' ').append(services.json().text(data));
        }
        sink.accept("{} [{}] {}", new Object[] {
            call.caller().principal().text(), call.caller().correlation(), singleLine(line.toString())
        });
        return true;
    }

    /** Line ends are shown and not written, so that a script cannot forge log lines. */
    private static String singleLine(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n");
    }
}
