package io.llmspell.bridge;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.script.ScriptEngine;
import io.llmspell.core.script.ScriptEngineProvider;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.script.ScriptExit;
import io.llmspell.core.script.ScriptSource;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts of one language, each in an engine of its own with a correlation id of its own.
 *
 * <p><b>Threads:</b> safe; scripts run on the thread that calls.
 */
public final class ScriptRunner {
    private static final long LARGEST_SCRIPT = 16L << 20;

    private final ScriptEngineProvider provider;
    private final SpellRuntime runtime;
    private final EventReporter events;
    private final TimeSource time;

    ScriptRunner(ScriptEngineProvider provider, SpellRuntime runtime) {
        this.provider = provider;
        this.runtime = runtime;
        this.events = new EventReporter(
                runtime.services().events(), runtime.services().redactor());
        this.time = runtime.services().time();
    }

    /**
     * Runs a script file.
     *
     * @param file the script; its modules may lie in its folder and below
     * @param arguments what the script finds in {@code ARGS}
     * @return what the script returned: a JSON value, or null
     * @throws ArgumentException {@code invalid_argument} if there is no such file
     * @throws ScriptException {@code syntax_error} or {@code script_error}
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded}
     */
    public @Nullable Object run(Path file, String... arguments) {
        return run(read(file), List.of(arguments));
    }

    /**
     * Runs a script text.
     *
     * @param text the script
     * @return what the script returned: a JSON value, or null
     * @throws ScriptException {@code syntax_error} or {@code script_error}
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded}
     */
    public @Nullable Object eval(String text) {
        return run(ScriptSource.of("eval", text), List.of());
    }

    /**
     * Runs a script.
     *
     * @param source the script
     * @param arguments what the script finds in {@code ARGS}
     * @return what the script returned: a JSON value, or null
     * @throws ScriptException {@code syntax_error} or {@code script_error}
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded}
     */
    public @Nullable Object run(ScriptSource source, List<String> arguments) {
        ScriptEngine engine = open();
        Handle closes = runtime.trackRun(engine);
        try {
            return reported(engine, source, arguments);
        } finally {
            closes.close();
        }
    }

    /**
     * Runs a script file and keeps its engine, so that the hooks and subscriptions that it made go on.
     *
     * @param file the script
     * @param arguments what the script finds in {@code ARGS}
     * @return closes the engine with its hooks and subscriptions; the end of the runtime does so too
     * @throws ArgumentException {@code invalid_argument} if there is no such file
     * @throws ScriptException {@code syntax_error} or {@code script_error}
     */
    public Handle load(Path file, String... arguments) {
        ScriptSource source = read(file);
        ScriptEngine engine = open();
        Handle closes = runtime.trackRun(engine);
        try {
            reported(engine, source, List.of(arguments));
            return closes;
        } catch (RuntimeException | Error failed) {
            closes.close();
            throw failed;
        }
    }

    private ScriptEngine open() {
        Caller caller =
                Caller.host(new CorrelationId(runtime.services().ids().next().toString()));
        return runtime.open(provider, caller, runtime.globals());
    }

    private @Nullable Object reported(ScriptEngine engine, ScriptSource source, List<String> arguments) {
        Component script = Component.named(new ComponentType("script"), source.name());
        Caller caller = engine.session().caller();
        events.report("script.started", payload(source), script, caller);
        long began = time.nanos();
        try {
            Object result = engine.run(source, arguments);
            events.report("script.completed", ended(source, began), script, caller);
            return result;
        } catch (ScriptExit exit) {
            Map<String, Object> payload = ended(source, began);
            payload.put("exit", exit.status());
            events.report("script.completed", payload, script, caller);
            throw exit;
        } catch (LlmSpellException failed) {
            Map<String, Object> payload = ended(source, began);
            payload.put("error", Map.of("code", failed.code().id(), "message", failed.text()));
            limitExceeded(failed, script, caller);
            events.report("script.failed", payload, script, caller);
            throw failed;
        }
    }

    /** A limit of the script itself; those of tools and agents are told by whoever enforces them. */
    private void limitExceeded(LlmSpellException failed, Component script, Caller caller) {
        if (failed instanceof LimitException
                && failed.details().get("limit") instanceof String limit
                && limit.startsWith("scripts.limits.")) {
            Object most = String.valueOf(failed.details().get("value"));
            runtime.notices().limitExceeded(limit, most, "more", script, caller);
        }
    }

    private Map<String, Object> payload(ScriptSource source) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("script", source.name());
        payload.put("language", provider.language().id());
        return payload;
    }

    private Map<String, Object> ended(ScriptSource source, long began) {
        Map<String, Object> payload = payload(source);
        payload.put("duration_ms", (time.nanos() - began) / 1e6);
        return payload;
    }

    private static ScriptSource read(Path file) {
        if (Files.isDirectory(file)) {
            throw new ArgumentException("script", file.toString(), "a file, but it is a folder");
        }
        if (!Files.exists(file)) {
            throw new ArgumentException("script", file.toString(), "an existing file, but there is none");
        }
        try {
            if (Files.size(file) > LARGEST_SCRIPT) {
                throw new ArgumentException("script", file.toString(), "at most " + LARGEST_SCRIPT + " bytes long");
            }
            Path folder = file.toRealPath().getParent();
            return new ScriptSource(file.toString(), Bytes.own(Files.readAllBytes(file)), folder);
        } catch (IOException e) {
            throw new ArgumentException(
                    "script", file.toString(), "readable (" + e.getClass().getSimpleName() + ")");
        }
    }
}
