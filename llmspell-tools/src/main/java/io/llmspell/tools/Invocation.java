package io.llmspell.tools;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One call of a tool: whose it is, what it used, and whether the tool itself failed.
 *
 * <p>The fields are written by the thread that runs the body and read by the one that made the call; they may differ when
 * the gate runs the body elsewhere, hence volatile.
 */
final class Invocation {
    private final ToolEntry entry;
    private final String callId;
    private final Map<String, String> keys;
    private final LongAdder operations = new LongAdder();
    private volatile @Nullable LlmSpellException failure;
    private volatile boolean reserved;
    private volatile boolean hasRun;
    private volatile boolean cached;
    private volatile long usedNanos;
    private volatile long usedBytes;

    Invocation(ToolEntry entry, String callId, Caller caller) {
        this.entry = entry;
        this.callId = callId;
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("tool_name", entry.info().name());
        texts.put("category", entry.info().category());
        texts.put("security_level", entry.info().level().id());
        texts.put("call_id", callId);
        texts.put("caller", caller.principal().text());
        this.keys = Map.copyOf(texts);
    }

    ToolEntry entry() {
        return entry;
    }

    String name() {
        return entry.info().name();
    }

    String callId() {
        return callId;
    }

    /** The keys of the tool group, as metadata of hooks and as members of events. */
    Map<String, String> keys() {
        return keys;
    }

    /** Begins an attempt: nothing is reserved or used yet. */
    void begin() {
        reserved = false;
        cached = false;
        usedNanos = 0;
        usedBytes = 0;
        operations.reset();
    }

    /** Notes that limits are reserved for the call, so that they are to be released. */
    void reserve() {
        reserved = true;
    }

    boolean reserved() {
        return reserved;
    }

    /** Counts work of the tool; gives the count so far. */
    long work(long more) {
        operations.add(more);
        return operations.sum();
    }

    /** Notes how long the tool ran. */
    void ran(long nanos) {
        usedNanos = nanos;
        hasRun = true;
    }

    /** Whether the tool ran in any attempt; it did not if a hook answered for it or its breaker was open. */
    boolean hasRun() {
        return hasRun;
    }

    /** Notes that the result of an earlier call is given. */
    void answeredFromCache() {
        cached = true;
    }

    /** Whether the result of an earlier call was given. */
    boolean cached() {
        return cached;
    }

    /** Notes the size of the result. */
    void gave(long bytes) {
        usedBytes = bytes;
    }

    JsonObject used() {
        return JsonObject.of(
                "time_ms", usedNanos / 1_000_000, "output_bytes", usedBytes, "operations", operations.sum());
    }

    /** Notes that the tool ran and failed, which is a result and no refusal. */
    LlmSpellException failed(LlmSpellException error) {
        failure = error;
        return error;
    }

    boolean failedWith(LlmSpellException error) {
        return failure == error;
    }
}
