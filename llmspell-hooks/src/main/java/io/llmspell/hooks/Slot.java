package io.llmspell.hooks;

import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Language;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * One thing to do in the course of an operation: a check of its owner, or one hook at one point.
 *
 * @param <I> the type of the operation's input
 */
sealed interface Slot<I> {
    /** A check of the owner. */
    record CheckSlot<I>(Step.Check<I> check) implements Slot<I> {}

    /**
     * A hook.
     *
     * @param hook what runs
     * @param name how messages and chains name it
     * @param point where
     * @param allowed the results that act here at the first asking
     * @param notice whether nothing can be decided here
     * @param closed whether it fails closed
     * @param guard whether its failure or veto must hold, so that nothing passes it by
     * @param watched whether the watchdog cuts it; scripts are cut by their interpreters
     */
    record HookSlot<I>(
            Registration hook,
            String name,
            HookPoint point,
            Set<HookResultKind> allowed,
            boolean notice,
            boolean closed,
            boolean guard,
            boolean watched)
            implements Slot<I> {
        /** What acts where nothing can be decided, and on the error of an operation that must not be rescued. */
        static final Set<HookResultKind> PASSIVE =
                Collections.unmodifiableSet(EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED));

        /** What a guard can say when it is asked again about a changed subject. */
        private static final Set<HookResultKind> LAST_WORD =
                EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL);

        /** A hook around a whole operation; it gives an outcome and no result. */
        static <I> HookSlot<I> around(Registration hook) {
            boolean closed = hook.guard().policy() == FailurePolicy.FAIL_CLOSED;
            return new HookSlot<>(
                    hook, hook.info().name(), hook.info().point(), Set.of(), false, closed, closed, false);
        }

        /** Whether the hook is asked again when the subject has changed after its verdict. */
        boolean lastWordDue() {
            return guard
                    && !(hook.code() instanceof HookCode.Direct direct
                            && direct.hook().reserves());
        }

        Set<HookResultKind> lastWord() {
            EnumSet<HookResultKind> rest = EnumSet.copyOf(LAST_WORD);
            rest.retainAll(allowed);
            return rest;
        }

        static <I> HookSlot<I> of(OperationKind kind, Step.Point<I> firing, Registration hook) {
            EnumSet<HookResultKind> allowed = KindResults.of(kind, firing);
            boolean notice = PASSIVE.containsAll(allowed);
            boolean closed = hook.guard().policy() == FailurePolicy.FAIL_CLOSED;
            return new HookSlot<>(
                    hook,
                    hook.info().name(),
                    firing.point(),
                    Collections.unmodifiableSet(allowed),
                    notice,
                    closed,
                    closed && !notice,
                    hook.info().language() == Language.JAVA);
        }
    }
}
