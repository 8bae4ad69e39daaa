package io.llmspell.hooks;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.NestedTime;
import io.llmspell.core.state.StateReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running operation as its hooks see it; {@link Pass} drives it.
 *
 * <p>One object per operation, made only if a hook runs. Its fields are written by the thread that drives it at the
 * time; a drive that goes on elsewhere is handed over through the future it waited for.
 */
abstract class RunningOperation<I, O> implements HookContext, OperationView {
    final GateImpl gate;
    final Operation<I, O> operation;
    final Component component;
    final Caller caller;
    private final long startedNanos;

    /** The input as the caller gave it; each attempt begins with it. */
    final I original;

    I input;

    @Nullable O output;

    @Nullable LlmSpellException error;

    boolean replaced;
    int attempt = 1;

    @Nullable Forks forks;

    private Slot.@Nullable HookSlot<I> current;
    private long hookDeadline = Awaiter.NO_DEADLINE;
    private @Nullable NestedTime nested;
    private boolean ending;
    private boolean ended;

    private @Nullable Notes notes;
    private @Nullable Object data;
    private @Nullable HookPoint dataPoint;

    RunningOperation(GateImpl gate, Operation<I, O> operation, Component component, I input, Caller caller) {
        this.gate = gate;
        this.operation = operation;
        this.component = component;
        this.caller = caller;
        this.original = input;
        this.input = input;
        this.startedNanos = gate.time().nanos();
    }

    /** The slot whose hook runs from now on, and until when it must have answered. */
    final void enter(Slot.HookSlot<I> slot, long deadline) {
        this.current = slot;
        this.hookDeadline = deadline;
        this.nested = null;
    }

    /** How long operations ran that the present hook has made. */
    final long nestedNanos(long now) {
        NestedTime counted = nested;
        return counted == null ? 0 : counted.nanos(now);
    }

    private NestedTime nested() {
        NestedTime counting = nested;
        if (counting == null) {
            counting = new NestedTime();
            nested = counting;
        }
        return counting;
    }

    final long startedNanos() {
        return startedNanos;
    }

    /** Drops what was derived from input and output; to be called when one of them has changed. */
    final void subjectChanged() {
        if (dataPoint != null) {
            dataPoint = null;
            data = null;
        }
    }

    /** Runs the actions that hooks left in this attempt, each once. */
    final void runActions(Consumer<Throwable> failed) {
        if (notes == null) {
            return;
        }
        ending = true;
        for (Consumer<OperationView> action : notes.takeActions()) {
            try {
                action.accept(this);
            } catch (Throwable failure) { // one action must not keep the others from running
                failed.accept(failure);
            }
        }
        ending = false;
    }

    /** Gives the owner what hooks noted, if there are notes. */
    final void tellOwner(Consumer<Throwable> failed) {
        Notes present = notes;
        if (present == null) {
            return;
        }
        try {
            operation.view().noted(input, present.metadata());
        } catch (RuntimeException failure) { // the operation has ended already
            failed.accept(failure);
        }
    }

    /** Closes the context. */
    final void close() {
        ended = true;
    }

    /** Back to the input as it was given; what hooks noted stays. */
    final void nextAttempt() {
        attempt++;
        input = original;
        output = null;
        error = null;
        replaced = false;
        forks = null;
        subjectChanged();
    }

    /** Goes on where another one of the same operation has ended, with what its hooks noted. */
    final void continues(RunningOperation<I, O> before) {
        attempt = before.attempt;
        Notes noted = before.notes;
        if (noted != null) {
            Notes copy = new Notes(noted.metadata());
            copy.id = noted.id;
            copy.timestamp = noted.timestamp;
            notes = copy;
        }
    }

    private Slot.HookSlot<I> current() {
        Slot.HookSlot<I> slot = current;
        if (ended || slot == null) {
            throw closed();
        }
        return slot;
    }

    private void checkOpen() {
        if (ended) {
            throw closed();
        }
    }

    private InvalidStateException closed() {
        return new InvalidStateException("the hook context of " + component
                + " was used after its operation had ended; take a snapshot while the hook runs");
    }

    private Notes notes() {
        Notes present = notes;
        if (present == null) {
            present = new Notes(operation.view().metadata(input));
            notes = present;
        }
        return present;
    }

    @Override
    public final HookPoint point() {
        return current().point();
    }

    @Override
    public final Component component() {
        checkOpen();
        return component;
    }

    @Override
    public final Caller caller() {
        Slot.HookSlot<I> slot = current();
        return caller.within(id())
                .deeper("\"" + slot.name() + "\" at " + slot.point(), nested())
                .limited(caller.token(), hookDeadline);
    }

    @Override
    public final Language language() {
        checkOpen();
        return caller.language();
    }

    @Override
    public final Instant timestamp() {
        checkOpen();
        Notes present = notes();
        Instant stamp = present.timestamp;
        if (stamp == null) {
            stamp = gate.time().now().minus(elapsed());
            present.timestamp = stamp;
        }
        return stamp;
    }

    /** The output that counts at the present point: none before the body, where an answer does not hide the input. */
    abstract @Nullable O shownOutput();

    @Override
    public final @Nullable Object data() {
        HookPoint point = current().point();
        if (!point.equals(dataPoint)) {
            data = operation.view().data(point, input, shownOutput());
            dataPoint = point;
        }
        return data;
    }

    @Override
    public final OperationView operation() {
        checkOpen();
        return this;
    }

    @Override
    public final int attempt() {
        checkOpen();
        return attempt;
    }

    @Override
    public final boolean performanceWarning() {
        checkOpen();
        return gate.shares().warning(component.toString());
    }

    @Override
    public final Map<String, String> metadata() {
        checkOpen();
        return notes().metadata();
    }

    @Override
    public final void putMetadata(String key, String value) {
        checkOpen();
        notes().put(key, value);
    }

    @Override
    public final StateReader state() {
        return gate.state(caller());
    }

    @Override
    public final void onEnd(Consumer<OperationView> action) {
        checkOpen();
        if (ending) {
            throw new InvalidStateException(
                    "onEnd was called while " + component + " was ending; call it while a hook runs");
        }
        Objects.requireNonNull(action, "action");
        Registration hook = current().hook();
        notes().onEnd(hook.info().language() == Language.JAVA ? view -> timed(hook, action, view) : action);
    }

    /** Runs an action within the deadline of the hook that left it; scripts are cut by their interpreters. */
    private void timed(Registration hook, Consumer<OperationView> action, OperationView view) {
        HookGuard guard = hook.guard();
        Watch watch = gate.watchdog().arm(guard, gate.time().nanos());
        try {
            action.accept(view);
        } catch (Throwable failure) {
            if (watch.disarm()) {
                LlmSpellException late = Faults.lateEnd(hook.info().name(), guard.deadlineNanos());
                late.addSuppressed(failure);
                throw late;
            }
            throw failure;
        }
        if (watch.disarm()) {
            throw Faults.lateEnd(hook.info().name(), guard.deadlineNanos());
        }
    }

    @Override
    public final HookSnapshot snapshot() {
        return snapshot(current().point(), data());
    }

    /** A snapshot of the operation at a point with the data that was seen there. */
    final HookSnapshot snapshot(HookPoint point, @Nullable Object seen) {
        return new HookSnapshot(
                point,
                component,
                id(),
                caller.principal().text(),
                caller.correlation(),
                caller.parentOperation(),
                caller.language(),
                timestamp(),
                seen,
                metadata(),
                attempt);
    }

    @Override
    public final OperationKind kind() {
        checkOpen();
        return operation.kind();
    }

    @Override
    public final String id() {
        checkOpen();
        Notes present = notes();
        String text = present.id;
        if (text == null) {
            text = gate.newId();
            present.id = text;
        }
        return text;
    }

    @Override
    public final @Nullable Object input() {
        checkOpen();
        return operation.view().input(input);
    }

    /** The input with what hooks see masked. */
    final @Nullable Object exactInput() {
        checkOpen();
        return operation.view().exactInput(input);
    }

    @Override
    public final @Nullable Object output() {
        checkOpen();
        O present = output;
        View<I, O> view = operation.view();
        return present == null ? null : view.output(present);
    }

    @Override
    public final @Nullable LlmSpellException error() {
        checkOpen();
        return error;
    }

    @Override
    public final @Nullable String errorStage() {
        checkOpen();
        LlmSpellException present = error;
        return present == null ? null : operation.view().errorStage(input, present);
    }

    @Override
    public final boolean replaced() {
        checkOpen();
        return replaced;
    }

    @Override
    public final Map<String, @Nullable Object> forks() {
        checkOpen();
        return forks == null ? Map.of() : forks.results();
    }

    @Override
    public final Duration elapsed() {
        checkOpen();
        return Duration.ofNanos(gate.time().nanos() - startedNanos);
    }
}
