package io.llmspell.hooks;

import io.llmspell.core.gate.Operation;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import org.jspecify.annotations.Nullable;

/**
 * A running operation that adds its time, and that of its hooks, to the share of its component.
 *
 * <p>Like {@link RunningOperation}: for the thread that drives it.
 */
abstract class TimedOperation<I, O> extends RunningOperation<I, O> {
    /** The time of all hooks that has not been added yet. */
    long hookNanos;

    private long bodyBegan;
    private boolean bodyRan;
    private Share.@Nullable Cell cell;

    TimedOperation(GateImpl gate, Operation<I, O> operation, Component component, I input, Caller caller) {
        super(gate, operation, component, input, caller);
    }

    final void bodyBegins(long now) {
        bodyBegan = now;
    }

    /** Adds a run of the body to the component's time. */
    final void bodyEnds(long now) {
        bodyEnds(now, 1);
    }

    /** Adds a run of the body whose time stands for that of so many runs. */
    final void bodyEnds(long now, int weight) {
        bodyTook(weight * (now - bodyBegan), now);
    }

    /** Adds a run of the body that was not timed. */
    final void bodyUntimed() {
        bodyTook(0, bodyBegan);
    }

    private void bodyTook(long nanos, long now) {
        cell().operation(hookNanos, nanos, now);
        hookNanos = 0;
        bodyRan = true;
    }

    /** Adds the time of the hooks behind the body; an operation that did not run counts for nothing. */
    final void hooksEnded() {
        if (bodyRan && hookNanos > 0) {
            cell().more(hookNanos);
            hookNanos = 0;
        }
    }

    /** Where the times of hooks and body are added. */
    final Share.Cell cell() {
        Share.Cell present = cell;
        if (present == null) {
            present = gate.shares().of(component.toString(), startedNanos()).cell();
            cell = present;
        }
        return present;
    }

    /** Sets the share, if the owner of the passage knows it; a look-up by name costs more than a hook. */
    final void share(Share known, int stripe) {
        cell = known.cell(stripe);
    }
}
