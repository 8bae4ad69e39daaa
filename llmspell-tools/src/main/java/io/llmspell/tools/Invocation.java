package io.llmspell.tools;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of a tool: whose it is, and whether the tool itself failed.
 *
 * <p>{@code failure} is written by the thread that runs the body and read by the one that made the call; they may differ
 * when the gate runs the body elsewhere, hence volatile.
 */
final class Invocation {
    private final ToolEntry entry;
    private final String callId;
    private final Map<String, String> keys;
    private volatile @Nullable LlmSpellException failure;

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

    /** Notes that the tool ran and failed, which is a result and no refusal. */
    LlmSpellException failed(LlmSpellException error) {
        failure = error;
        return error;
    }

    boolean failedWith(LlmSpellException error) {
        return failure == error;
    }
}
