package io.llmspell.core.gate;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import java.util.Set;

/**
 * One step of an operation: a hook point or a check of the owner.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param <I> the type of the operation's input
 */
public sealed interface Step<I> {
    /** Where a step stands in the course of the operation. */
    enum Stage {
        /** Before the body. */
        BEFORE,
        /** After the body succeeded or a hook answered. */
        AFTER,
        /** When body, check or hook failed. */
        ERROR,
        /** Last of all, on every way out. */
        LAST
    }

    /**
     * Runs the hooks of a point.
     *
     * @param point the point
     * @param stage when
     * @param allowed the results that act at this firing; copied
     * @param <I> the type of the operation's input
     */
    record Point<I>(HookPoint point, Stage stage, Set<HookResultKind> allowed) implements Step<I> {
        /**
         * Copies the allowed results.
         *
         * @param point the point
         * @param stage when
         * @param allowed the results that act
         */
        public Point {
            allowed = Set.copyOf(allowed);
        }
    }

    /**
     * Runs a check of the owner before the body.
     *
     * @param name for messages and traces
     * @param promise whether it runs again after each change of the input and before an answer of a hook goes out
     * @param checker the check
     * @param <I> the type of the operation's input
     */
    record Check<I>(String name, boolean promise, Checker<I> checker) implements Step<I> {}
}
