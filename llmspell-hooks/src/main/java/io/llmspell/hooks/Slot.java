package io.llmspell.hooks;

import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Language;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do in the course of an operation: a check of its owner, or one hook at one point.
 *
 * @param <I> the type of the operation's input
 */
sealed interface Slot<I> {
    /** A check of the owner. */
    record CheckSlot<I>(Step.Check<I> check) implements Slot<I> {}

    /**
     * A hook, with all that its dispatch looks at, so that it follows no references to find it.
     *
     * @param <I> the type of the operation's input
     */
    final class HookSlot<I> implements Slot<I> {
        /** What acts where nothing can be decided, and on the error of an operation that must not be rescued. */
        static final Set<HookResultKind> PASSIVE =
                Collections.unmodifiableSet(EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED));

        /** What a guard can say when it is asked again about a changed subject. */
        private static final Set<HookResultKind> LAST_WORD =
                EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL);

        private final Registration hook;
        private final String name;
        private final HookPoint point;
        private final Set<HookResultKind> allowed;
        private final boolean notice;
        private final boolean closed;
        private final boolean watched;
        private final HookGuard terms;
        private final @Nullable Hook here;

        private HookSlot(
                Registration hook, HookPoint point, Set<HookResultKind> allowed, boolean notice, boolean watched) {
            this.hook = hook;
            this.name = hook.info().name();
            this.point = point;
            this.allowed = allowed;
            this.notice = notice;
            this.terms = hook.guard();
            this.closed = terms.policy() == FailurePolicy.FAIL_CLOSED;
            this.watched = watched;
            this.here = hook.code() instanceof HookCode.Direct direct && !terms.isolated() ? direct.hook() : null;
        }

        /** A hook around a whole operation; it gives an outcome and no result. */
        static <I> HookSlot<I> around(Registration hook) {
            return new HookSlot<>(hook, hook.info().point(), Set.of(), false, false);
        }

        static <I> HookSlot<I> of(OperationKind kind, Step.Point<I> firing, Registration hook) {
            EnumSet<HookResultKind> allowed = KindResults.of(kind, firing);
            boolean java = hook.info().language() == Language.JAVA;
            return new HookSlot<>(
                    hook, firing.point(), Collections.unmodifiableSet(allowed), PASSIVE.containsAll(allowed), java);
        }

        /** What runs. */
        Registration hook() {
            return hook;
        }

        /** How messages and chains name it. */
        String name() {
            return name;
        }

        HookPoint point() {
            return point;
        }

        /** The results that act here at the first asking. */
        Set<HookResultKind> allowed() {
            return allowed;
        }

        /** Whether it fails closed. */
        boolean closed() {
            return closed;
        }

        /** Whether its failure or veto must hold, so that nothing passes it by; not where nothing can be decided. */
        boolean guard() {
            return closed && !notice;
        }

        /** Whether the watchdog cuts it; scripts are cut by their interpreters. */
        boolean watched() {
            return watched;
        }

        /** Its deadline, breaker and meter. */
        HookGuard terms() {
            return terms;
        }

        /** The hook, if it runs on the thread of the operation and answers at once. */
        @Nullable Hook here() {
            return here;
        }

        /** Whether the hook is asked again when the subject has changed after its verdict. */
        boolean lastWordDue() {
            return guard()
                    && !(hook.code() instanceof HookCode.Direct direct
                            && direct.hook().reserves());
        }

        Set<HookResultKind> lastWord() {
            EnumSet<HookResultKind> rest = EnumSet.copyOf(LAST_WORD);
            rest.retainAll(allowed);
            return rest;
        }
    }
}
