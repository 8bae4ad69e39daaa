package io.llmspell.hooks;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import org.jspecify.annotations.Nullable;

/**
 * What a composite makes of the answers of its children, taken in their order. For one execution, on one thread at a
 * time.
 */
abstract sealed class Tally permits Tally.Chain, VotingTally {
    private @Nullable LlmSpellException failure;
    private @Nullable HookResult result;

    /** Takes the answer of a child. */
    final void take(CompositeChild child, ChildOutcome outcome) {
        HookResult given = outcome.result();
        if (given != null) {
            gave(child, given);
        } else {
            LlmSpellException problem = java.util.Objects.requireNonNull(outcome.failure());
            failed(child, problem);
            if (child.mustNotFail()) {
                fail(child.failure(problem));
            }
        }
    }

    abstract void gave(CompositeChild child, HookResult given);

    abstract void failed(CompositeChild child, LlmSpellException problem);

    /** The result once all children were asked or the matter was decided; throws if the composite failed. */
    final HookResult result() {
        if (failure == null && result == null) {
            end();
        }
        if (failure != null) {
            throw failure;
        }
        return result == null ? HookResult.proceed() : result;
    }

    /** Decides when no child is left. */
    abstract void end();

    final void decide(HookResult decided) {
        result = decided;
    }

    final void fail(LlmSpellException reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    final boolean decided() {
        return failure != null || result != null;
    }

    /** Whether the next child sees other data than the composite. */
    boolean changed() {
        return false;
    }

    /** The data for the next child, if it is {@link #changed}. */
    @Nullable Object data() {
        return null;
    }

    /** The two modes that end with the first result of weight. */
    static final class Chain extends Tally {
        private final boolean stopOnError;
        private final boolean stopOnModified;
        private boolean answered;
        private boolean applied;
        private @Nullable LlmSpellException firstFailure;
        private HookResult.@Nullable Modified changed;

        Chain(CompositionMode.Sequential mode) {
            this.stopOnError = mode.stopOnError();
            this.stopOnModified = mode.stopOnModified();
        }

        Chain(CompositionMode.FirstMatch mode) {
            this.stopOnError = mode.stopOnError();
            this.stopOnModified = true;
        }

        @Override
        void gave(CompositeChild child, HookResult given) {
            answered = true;
            if (given.kind() == HookResultKind.SKIPPED) {
                return;
            }
            applied = true;
            if (given instanceof HookResult.Modified modified && !stopOnModified) {
                changed = modified;
            } else if (given.kind() != HookResultKind.CONTINUE) {
                decide(given);
            }
        }

        @Override
        void failed(CompositeChild child, LlmSpellException problem) {
            LlmSpellException named = child.failure(problem);
            if (stopOnError) {
                fail(named);
            } else if (firstFailure == null) {
                firstFailure = named;
            }
        }

        @Override
        void end() {
            if (changed != null) {
                decide(changed);
            } else if (!answered && firstFailure != null) {
                fail(firstFailure);
            } else if (!applied && firstFailure == null) {
                decide(HookResult.skipped("no child applied"));
            }
        }

        @Override
        boolean changed() {
            return changed != null;
        }

        @Override
        @Nullable Object data() {
            return changed == null ? null : changed.data();
        }
    }
}
