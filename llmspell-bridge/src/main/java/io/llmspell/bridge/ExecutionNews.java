package io.llmspell.bridge;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonObject;
import io.llmspell.hooks.HookChain;
import io.llmspell.hooks.HookExecution;
import io.llmspell.hooks.HookListener;
import io.llmspell.hooks.HookRun;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns each execution of a hook into events, for those who asked for it. Hooks that run because of an event are left
 * out: their events would be about events, without end.
 */
final class ExecutionNews implements HookListener {
    private final EventReporter events;
    private final Component runtime;

    ExecutionNews(EventReporter events, Component runtime) {
        this.events = events;
        this.runtime = runtime;
    }

    private void report(
            String type, OperationKind kind, Caller caller, Map<String, ? extends @Nullable Object> payload) {
        if (kind != OperationKind.EVENT_EMIT && kind != OperationKind.EVENT_HANDLE) {
            events.report(type, payload, runtime, caller);
        }
    }

    private void report(String type, HookRun run, Map<String, @Nullable Object> payload) {
        report(type, run.kind(), run.caller(), payload);
    }

    private static Map<String, @Nullable Object> keys(HookPoint point, Component component) {
        Map<String, @Nullable Object> keys = new LinkedHashMap<>();
        keys.put("point", point.name());
        keys.put("component", component.toString());
        return keys;
    }

    private static Map<String, @Nullable Object> keys(HookRun run) {
        Map<String, @Nullable Object> keys = new LinkedHashMap<>();
        keys.put("hook", run.hook().name());
        keys.putAll(keys(run.hook().point(), run.component()));
        return keys;
    }

    @Override
    public void starts(HookRun run) {
        report("hook.execution.started", run, keys(run));
    }

    @Override
    public void executed(HookExecution execution) {
        Map<String, @Nullable Object> payload = keys(execution.run());
        payload.put("duration_ms", execution.elapsed().toMillis());
        LlmSpellException failure = execution.failure();
        HookResult result = execution.result();
        if (result != null) {
            payload.put("result", result.kind().id());
        }
        if (failure == null) {
            report("hook.execution.completed", execution.run(), payload);
        } else {
            payload.put("error", JsonObject.of("code", failure.code().id(), "message", failure.text()));
            report("hook.execution.failed", execution.run(), payload);
        }
    }

    @Override
    public void chainStarts(HookChain chain) {
        report("hook.chain.started", chain, keys(chain));
    }

    @Override
    public void chainEnded(HookChain chain, int results) {
        Map<String, @Nullable Object> payload = keys(chain);
        payload.put("results_count", (long) results);
        report("hook.chain.completed", chain, payload);
    }

    private void report(String type, HookChain chain, Map<String, @Nullable Object> payload) {
        report(type, chain.kind(), chain.caller(), payload);
    }

    private static Map<String, @Nullable Object> keys(HookChain chain) {
        Map<String, @Nullable Object> keys = keys(chain.point(), chain.component());
        keys.put("hook_count", (long) chain.hooks());
        return keys;
    }
}
