package io.llmspell.hooks.builtin;

import java.util.List;

/**
 * The traces that the hook {@code debugging} keeps; see {@link BuiltinHooks#view}.
 *
 * <p><b>Threads:</b> safe.
 */
public interface DebugTraces {
    /**
     * The traces that are kept.
     *
     * @return the traces in the order in which their durations became known, oldest first; an unmodifiable copy
     */
    List<DebugTrace> traces();

    /** Forgets all traces; the statistics stay. */
    void clear();
}
