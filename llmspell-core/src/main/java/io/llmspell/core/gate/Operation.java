package io.llmspell.core.gate;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a kind of operation: its ordered steps and its body. Owners make it once and hand it to the
 * {@link Gate}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param kind the kind
 * @param steps hook points and checks in order; copied
 * @param body what it does
 * @param asyncBody what it does without blocking, or null if {@code body} is quick
 * @param view its input and output as JSON
 * @param encloses whether the body makes calls of its own, which then name this operation as their parent
 * @param guardsOnly whether observers are left out for an input as it comes in: then only hooks that fail closed run;
 *     asked only if there are hooks
 * @param <I> the type of the input, immutable and never null
 * @param <O> the type of the output, immutable and never null
 */
public record Operation<I, O>(
        OperationKind kind,
        List<Step<I>> steps,
        Body<I, O> body,
        @Nullable AsyncBody<I, O> asyncBody,
        View<I, O> view,
        boolean encloses,
        Predicate<? super I> guardsOnly) {
    /**
     * Copies the steps.
     *
     * @param kind the kind
     * @param steps the steps
     * @param body what it does
     * @param asyncBody what it does without blocking, or null
     * @param view its input and output as JSON
     * @param encloses whether the body makes calls of its own
     * @param guardsOnly whether only hooks that fail closed run for an input
     */
    public Operation {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(guardsOnly, "guardsOnly");
        steps = List.copyOf(steps);
    }

    /** Says that all hooks run, whatever the input. */
    public static final Predicate<@Nullable Object> ALL_HOOKS = input -> false;

    /**
     * Begins a definition.
     *
     * @param kind the kind
     * @param view its input and output as JSON
     * @param <I> the type of the input
     * @param <O> the type of the output
     * @return the builder
     */
    public static <I, O> Builder<I, O> of(OperationKind kind, View<I, O> view) {
        return new Builder<>(kind, view);
    }

    /**
     * Builds a definition; steps stand in the order of the calls.
     *
     * <p><b>Threads:</b> for one thread.
     *
     * @param <I> the type of the input
     * @param <O> the type of the output
     */
    public static final class Builder<I, O> {
        private final OperationKind kind;
        private final View<I, O> view;
        private final List<Step<I>> steps = new ArrayList<>();
        private boolean encloses;
        private Predicate<? super I> guardsOnly = ALL_HOOKS;

        private Builder(OperationKind kind, View<I, O> view) {
            this.kind = kind;
            this.view = view;
        }

        /**
         * Adds a point before the body, with the results of its phase.
         *
         * @param point the point
         * @return this builder
         */
        public Builder<I, O> before(HookPoint point) {
            return point(point, Step.Stage.BEFORE, point.info().phase().results());
        }

        /**
         * Adds a point after the body, with the results of its phase.
         *
         * @param point the point
         * @return this builder
         */
        public Builder<I, O> after(HookPoint point) {
            return point(point, Step.Stage.AFTER, point.info().phase().results());
        }

        /**
         * Adds a point on failure, with the results of its phase.
         *
         * @param point the point
         * @return this builder
         */
        public Builder<I, O> error(HookPoint point) {
            return point(point, Step.Stage.ERROR, point.info().phase().results());
        }

        /**
         * Adds a point at the very end, on every way out; a notice.
         *
         * @param point the point
         * @return this builder
         */
        public Builder<I, O> last(HookPoint point) {
            return point(point, Step.Stage.LAST, HookPhase.NOTICE.results());
        }

        /**
         * Adds a point with results of its own.
         *
         * @param point the point
         * @param stage when
         * @param allowed the results that act
         * @return this builder
         */
        public Builder<I, O> point(HookPoint point, Step.Stage stage, Set<HookResultKind> allowed) {
            steps.add(new Step.Point<>(point, stage, allowed));
            return this;
        }

        /**
         * Adds a check before the body that runs once.
         *
         * @param name for messages
         * @param checker the check
         * @return this builder
         */
        public Builder<I, O> check(String name, Checker<I> checker) {
            steps.add(new Step.Check<>(name, false, checker));
            return this;
        }

        /**
         * Adds a check before the body that no hook can get round: it runs again after each change of the input and
         * before an answer of a hook goes out.
         *
         * @param name for messages
         * @param checker the check
         * @return this builder
         */
        public Builder<I, O> promise(String name, Checker<I> checker) {
            steps.add(new Step.Check<>(name, true, checker));
            return this;
        }

        /**
         * Says that the body makes calls of its own, which name this operation as their parent.
         *
         * @return this builder
         */
        public Builder<I, O> encloses() {
            this.encloses = true;
            return this;
        }

        /**
         * Leaves observers out: only hooks that fail closed run, at whatever point they are registered.
         *
         * @return this builder
         */
        public Builder<I, O> guardsOnly() {
            return guardsOnly(input -> true);
        }

        /**
         * Leaves observers out for some inputs: of those, only hooks that fail closed run.
         *
         * @param when whether they are left out, from the input as it comes in; quick, and asked only if there are hooks
         * @return this builder
         */
        public Builder<I, O> guardsOnly(Predicate<? super I> when) {
            this.guardsOnly = Objects.requireNonNull(when, "when");
            return this;
        }

        /**
         * Ends the definition of an operation whose body blocks or is quick.
         *
         * @param body what it does
         * @return the definition
         * @throws ArgumentException {@code invalid_argument} if a point stands in the definition twice
         */
        public Operation<I, O> run(Body<I, O> body) {
            return run(body, null);
        }

        /**
         * Ends the definition of an operation that can run without blocking.
         *
         * @param body what it does when called synchronously
         * @param asyncBody what it does when called reactively, or null
         * @return the definition
         * @throws ArgumentException {@code invalid_argument} if a point stands in the definition twice
         */
        public Operation<I, O> run(Body<I, O> body, @Nullable AsyncBody<I, O> asyncBody) {
            long points = steps.stream().filter(Step.Point.class::isInstance).count();
            long distinct = steps.stream()
                    .filter(Step.Point.class::isInstance)
                    .map(step -> ((Step.Point<I>) step).point())
                    .distinct()
                    .count();
            if (points != distinct) {
                throw new ArgumentException("operation", kind.id(), "defined with each hook point only once");
            }
            return new Operation<>(kind, steps, body, asyncBody, view, encloses, guardsOnly);
        }
    }
}
