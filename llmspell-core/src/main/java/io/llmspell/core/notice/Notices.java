package io.llmspell.core.notice;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.LogText;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells hooks and subscribers that a limit was reached, a rule broken or a threshold crossed; each notice passes its hook
 * point and is then published as an event.
 *
 * <p>A notice changes nothing and never fails: what a hook or a subscriber does wrong is logged. <b>Threads:</b> safe;
 * the hooks run on the calling thread.
 */
public final class Notices {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    /** The notices that are given. */
    private enum Kind {
        LIMIT(HookPoint.RESOURCE_LIMIT_EXCEEDED, "resource.limit.exceeded"),
        VIOLATION(HookPoint.SECURITY_VIOLATION, "security.violation"),
        PERFORMANCE(HookPoint.PERFORMANCE_THRESHOLD_EXCEEDED, "performance.threshold.exceeded"),
        MEMORY(HookPoint.MEMORY_USAGE_HIGH, "memory.high"),
        CPU(HookPoint.CPU_USAGE_HIGH, "cpu.high");

        @SuppressWarnings("ImmutableEnumChecker") // a record of one text
        private final HookPoint point;

        private final String event;

        Kind(HookPoint point, String event) {
            this.point = point;
            this.event = event;
        }
    }

    private final Map<Kind, Passage<JsonObject, JsonObject>> passages = new EnumMap<>(Kind.class);
    private final @Nullable EventReporter events;

    /**
     * Makes the notices of one part of the runtime.
     *
     * @param gate what the notices pass
     * @param events publishes them, or null for none
     */
    public Notices(Gate gate, @Nullable EventReporter events) {
        this.events = events;
        for (Kind kind : Kind.values()) {
            passages.put(
                    kind,
                    gate.passage(Operation.of(OperationKind.SYSTEM, new NoticeView())
                            .point(kind.point, Step.Stage.BEFORE, HookPhase.NOTICE.results())
                            .run((data, caller) -> data)));
        }
    }

    /**
     * A limit was reached; to be called by whoever enforces it, beside refusing.
     *
     * @param resource the name of the limit, such as {@code max_tool_calls}
     * @param limit its value, a JSON value
     * @param used what was used or asked for, a JSON value
     * @param where what reached it
     * @param caller on whose behalf
     */
    public void limitExceeded(String resource, Object limit, Object used, Component where, Caller caller) {
        give(Kind.LIMIT, JsonObject.of("resource", resource, "limit", limit, "used", used), where, caller);
    }

    /**
     * A rule was broken.
     *
     * @param violation which, how and by what
     * @param where what the rule guards
     * @param caller who broke it
     */
    public void violated(Violation violation, Component where, Caller caller) {
        JsonObject data = JsonObject.of(
                "rule", violation.rule(),
                "event_kind", violation.eventKind(),
                "severity", violation.severity(),
                "principal", caller.principal().text(),
                "target", violation.target(),
                "blocked", violation.blocked());
        give(Kind.VIOLATION, data, where, caller);
    }

    /**
     * A measured value went over its threshold; to be called once a crossing.
     *
     * @param metric what was measured
     * @param value the measured value
     * @param threshold the threshold
     * @param where what was measured
     * @param caller on whose behalf it was measured
     */
    public void slow(String metric, double value, double threshold, Component where, Caller caller) {
        give(Kind.PERFORMANCE, measured(metric, value, threshold), where, caller);
    }

    /**
     * The use of memory went over its threshold; to be called once a crossing.
     *
     * @param share the used share of the most memory, 0 to 1
     * @param threshold the threshold
     * @param where what was measured
     * @param caller on whose behalf it was measured
     */
    public void memoryHigh(double share, double threshold, Component where, Caller caller) {
        give(Kind.MEMORY, measured("memory", share, threshold), where, caller);
    }

    /**
     * The use of processors went over its threshold; to be called once a crossing.
     *
     * @param share the used share of all processors, 0 to 1
     * @param threshold the threshold
     * @param where what was measured
     * @param caller on whose behalf it was measured
     */
    public void cpuHigh(double share, double threshold, Component where, Caller caller) {
        give(Kind.CPU, measured("cpu", share, threshold), where, caller);
    }

    private static JsonObject measured(String metric, double value, double threshold) {
        return JsonObject.of("metric", metric, "value", value, "threshold", threshold);
    }

    private void give(Kind kind, JsonObject data, Component where, Caller caller) {
        Passage<JsonObject, JsonObject> passage = passages.get(kind);
        try {
            if (passage != null) {
                passage.call(where, data, caller);
            }
        } catch (LlmSpellException failed) { // a guard that failed, or a stopped caller: the notice itself stands
            LOG.warn(
                    "a notice at {} of {} was not taken by all hooks: {}",
                    kind.point,
                    where,
                    LogText.masked(failed.getMessage()));
        }
        if (events != null) {
            events.report(kind.event, data, where, caller);
        }
    }
}
