package io.llmspell.core.script;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A thing of the host that scripts hold: a handle of a hook or subscription, an agent, a tool, a context.
 *
 * <p>It prints, concatenates and converts to JSON as its id. Each engine shows one object for one thing, so that
 * scripts can compare them. <b>Threads:</b> used by the thread that owns the engine.
 */
public interface ScriptObject {
    /**
     * What it can do.
     *
     * @return the type, the same for all objects of the kind
     */
    ScriptObjectType type();

    /**
     * Its id.
     *
     * @return the text that it prints as
     */
    String id();

    /**
     * Members of this object alone that are enumerated beside those of its type.
     *
     * @return script values by name, a snapshot; empty for most objects
     */
    default Map<String, ? extends @Nullable Object> listed() {
        return Map.of();
    }
}
