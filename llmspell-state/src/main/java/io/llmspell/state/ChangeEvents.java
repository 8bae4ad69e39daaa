package io.llmspell.state;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateClass;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the events of changes and conflicts, redacted. */
final class ChangeEvents {
    /** What every operation and event of state happens in. */
    static final Component STATE = Component.named(ComponentType.SYSTEM, "state");

    private static final int LARGEST_COPY = 1 << 10;

    /** An event holds the value some levels down, and may not be deeper itself than a value. */
    private static final int DEEPEST_COPY = 32;

    private final EventBus bus;
    private final Redactor redactor;
    private final EventReporter reporter;
    private final JsonCodec codec = JsonCodec.create();

    ChangeEvents(EventBus bus, Redactor redactor) {
        this.bus = bus;
        this.redactor = redactor;
        this.reporter = new EventReporter(bus, redactor);
    }

    /** Whether a change of a value of this class is an event. */
    static boolean tells(StateClass stateClass) {
        return !ClassRules.unobserved(stateClass);
    }

    /**
     * Prepares the event of a change.
     *
     * @param part the change
     * @param before what the key held, or null if that is not known for sure
     * @param caller on whose behalf
     * @return the staged event
     */
    StagedEvent stage(Planned part, @Nullable Cell before, Caller caller) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("scope", part.key().scope().text());
        payload.put("key", part.key().key());
        payload.put("class", part.stateClass().id());
        payload.put("principal", part.principal().text());
        payload.put("change", part.change().id());
        if (before != null && before.present() && tells(before.stateClass())) {
            copy(payload, "old_value", part, before.stateClass(), before.json());
        }
        if (part.change() == Change.SET) {
            copy(payload, "new_value", part, part.stateClass(), part.json());
        }
        EventDraft draft = EventDraft.of("state.changed", JsonValues.object(payload, JsonLimits.VALUE), STATE);
        return bus.stage(draft, "version", caller);
    }

    /** Nothing at all of a sensitive value, not even how long it is. */
    private void copy(
            Map<String, @Nullable Object> payload,
            String name,
            Planned part,
            StateClass stateClass,
            @Nullable Object json) {
        if (stateClass == StateClass.SENSITIVE) {
            return;
        }
        long bytes = JsonValues.bytes(json);
        if (redactor.secretName(part.key().key())) {
            payload.put(name, Redactor.MASK);
        } else if (bytes <= LARGEST_COPY && within(DEEPEST_COPY, json)) {
            payload.put(name, redactor.value(json));
        } else {
            payload.put(name + "_bytes", bytes);
            payload.put(name + "_sha256", hash(redactor.value(json)));
        }
    }

    private static boolean within(int levels, @Nullable Object json) {
        if (json instanceof Map<?, ?> map) {
            return levels > 0 && map.values().stream().allMatch(each -> within(levels - 1, each));
        }
        return !(json instanceof List<?> list)
                || (levels > 0 && list.stream().allMatch(each -> within(levels - 1, each)));
    }

    private String hash(@Nullable Object json) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(codec.bytes(json)));
        } catch (NoSuchAlgorithmException e) {
            throw new InternalException("the hash of a value", e); // every Java platform has SHA-256
        }
    }

    void conflict(Clash clash, Caller caller) {
        if (tells(clash.stateClass())) {
            reporter.report("state.conflict", clash.data(), STATE, caller);
        }
    }
}
