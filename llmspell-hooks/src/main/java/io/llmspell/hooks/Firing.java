package io.llmspell.hooks;

import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import java.util.Set;

/**
 * One place where an operation fires a hook point, and the results that act there.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param kind the kind of the operation
 * @param point the point
 * @param stage where in the course of the operation
 * @param results what acts there when a hook is asked first; all others are refused
 */
public record Firing(OperationKind kind, HookPoint point, Step.Stage stage, Set<HookResultKind> results) {
    /**
     * Copies the results.
     *
     * @param kind the kind of the operation
     * @param point the point
     * @param stage where in the course
     * @param results what acts there
     */
    public Firing {
        results = Set.copyOf(results);
    }
}
