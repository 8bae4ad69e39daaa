package io.llmspell.workflows;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the steps of a run gave, in the form of step results; for the thread of the run. */
final class StepRecords {
    private final Map<String, JsonObject> results = new LinkedHashMap<>();
    private final List<String> order = new ArrayList<>();
    private int succeeded;
    private int failed;
    private @Nullable String lastCompleted;
    private @Nullable String lastFailed;
    private @Nullable Object lastOutput;

    void succeeded(String step, StepOutput output, long millis, int attempts) {
        Map<String, @Nullable Object> members = members(step, true, output.output(), millis, attempts);
        JsonObject result = output.result();
        members.put("result", result == null ? output.output() : result);
        if (result != null && result.get("workflow_type") instanceof String) {
            members.put("data", result.get("data"));
        }
        if (!output.forks().isEmpty()) {
            members.put("forks", output.forks());
        }
        results.put(step, JsonValues.object(members, RunResult.LIMITS));
        order.add(step);
        succeeded++;
        lastCompleted = step;
        lastOutput = output.output();
    }

    void failed(String step, LlmSpellException error, long millis, int attempts) {
        Map<String, @Nullable Object> members = members(step, false, null, millis, attempts);
        members.put("error", JsonErrors.object(error));
        results.put(step, JsonValues.object(members, RunResult.LIMITS));
        failed++;
        lastFailed = step;
    }

    private static Map<String, @Nullable Object> members(
            String step, boolean success, @Nullable Object output, long millis, int attempts) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", step);
        members.put("success", success);
        members.put("output", output);
        members.put("duration_ms", millis);
        members.put("retry_count", Math.max(0, attempts - 1));
        members.put("skipped", false);
        return members;
    }

    /** Takes over what steps gave before the run was interrupted, in the order in which they ended. */
    void restore(List<JsonObject> kept) {
        for (JsonObject each : kept) {
            String step = each.text("name");
            boolean success = Boolean.TRUE.equals(each.get("success"));
            Object output = each.get("output");
            results.put(step, success && !each.containsKey("result") ? each.with("result", output) : each);
            if (success) {
                order.add(step);
                succeeded++;
                lastCompleted = step;
                lastOutput = output;
            } else {
                failed++;
                lastFailed = step;
            }
        }
    }

    Map<String, JsonObject> results() {
        return results;
    }

    /** The steps that have succeeded, in the order in which they did. */
    List<String> order() {
        return order;
    }

    int succeeded() {
        return succeeded;
    }

    int failed() {
        return failed;
    }

    @Nullable String lastCompleted() {
        return lastCompleted;
    }

    @Nullable String lastFailed() {
        return lastFailed;
    }

    @Nullable Object lastOutput() {
        return lastOutput;
    }
}
