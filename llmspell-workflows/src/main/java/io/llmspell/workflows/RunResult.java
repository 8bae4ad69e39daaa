package io.llmspell.workflows;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result of a run as JSON. */
record RunResult(
        Map<String, String> keys,
        StepRecords records,
        JsonObject finalState,
        Instant startTime,
        Instant endTime,
        long millis) {
    /** A result holds the outputs of all steps, some of them several times, each below the limits of tools. */
    static final JsonLimits LIMITS =
            new JsonLimits(JsonLimits.TOOL.depth() + 16, 20 * JsonLimits.TOOL.nodes(), 20 * JsonLimits.TOOL.bytes());

    JsonObject succeeded(@Nullable Object output) {
        Map<String, @Nullable Object> members = common(true, output);
        members.put("partial_success", records.failed() > 0);
        return ended(members, output);
    }

    JsonObject failed(LlmSpellException error) {
        Map<String, @Nullable Object> members = common(false, null);
        members.put("partial_success", false);
        JsonObject shown = JsonErrors.object(error).with("error_type", "SequentialExecutionError");
        members.put("error", shown.with("location", records.lastFailed()));
        return ended(members, records.lastOutput());
    }

    private Map<String, @Nullable Object> common(boolean success, @Nullable Object output) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("success", success);
        members.put("workflow_type", keys.get("workflow_type"));
        members.put("workflow_name", keys.get("workflow_name"));
        members.put("workflow_id", keys.get("workflow_id"));
        members.put("duration_ms", millis);
        members.put("execution_time", millis);
        members.put("output", output);
        members.put("outputs", each("output"));
        members.put("step_results", records.results());
        members.put("step_timings", each("duration_ms"));
        members.put("last_completed_step", records.lastCompleted());
        members.put("failed_step", records.lastFailed());
        members.put("final_state", finalState);
        return members;
    }

    private Map<String, @Nullable Object> each(String member) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        records.results().forEach((step, result) -> values.put(step, result.get(member)));
        return values;
    }

    private JsonObject ended(Map<String, @Nullable Object> members, @Nullable Object finalOutput) {
        int executed = records.succeeded() + records.failed();
        members.put(
                "metadata",
                JsonObject.of(
                        "run_id", keys.get("run_id"),
                        "start_time", startTime.toString(),
                        "end_time", endTime.toString(),
                        "steps_executed", executed,
                        "steps_succeeded", records.succeeded(),
                        "steps_failed", records.failed()));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("steps_executed", executed);
        data.put("successful_steps", records.succeeded());
        data.put("failed_steps", records.failed());
        data.put("final_output", finalOutput);
        members.put("data", data);
        return JsonValues.object(members, LIMITS);
    }
}
