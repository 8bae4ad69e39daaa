package io.llmspell.hooks;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.hook.OperationView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an operation keeps only if a hook asks for it: id, instant, metadata, actions for the end. */
final class Notes {
    private static final int KEYS = 64;
    private static final int TEXT_BYTES = 1024;

    private final Map<String, String> metadata;
    private final Map<String, String> view;
    private final List<Consumer<OperationView>> actions = new ArrayList<>(2);

    @Nullable String id;

    @Nullable Instant timestamp;

    Notes(Map<String, String> initial) {
        this.metadata = new LinkedHashMap<>(initial);
        this.view = Collections.unmodifiableMap(metadata);
    }

    Map<String, String> metadata() {
        return view;
    }

    void put(String key, String value) {
        checkText("metadata key", key);
        checkText("metadata value of \"" + key + "\"", value);
        if (metadata.size() >= KEYS && !metadata.containsKey(key)) {
            throw LimitException.exceeded(
                    "metadata.keys", KEYS + " keys", "the metadata is full; \"" + key + "\" does not fit");
        }
        metadata.put(key, value);
    }

    private static void checkText(String what, String text) {
        int bytes = text.length() > TEXT_BYTES ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > TEXT_BYTES) {
            String shown = what.length() <= 80 ? what : what.substring(0, 80) + "…";
            throw LimitException.exceeded(
                    "metadata.text", TEXT_BYTES + " bytes", shown + " is " + bytes + " bytes long or more");
        }
    }

    void onEnd(Consumer<OperationView> action) {
        actions.add(action);
    }

    List<Consumer<OperationView>> takeActions() {
        List<Consumer<OperationView>> taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }
}
