package io.llmspell.hooks.coordination;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * One step of one run of a chain.
 *
 * <p>The monitor guards the thread that runs it, so that an interrupt hits nothing but the step.
 */
final class StepRun implements Runnable {
    private final ChainRun chain;
    private final ExecutionChain.Step step;
    private final Coordinator coordinator;
    private final CancellationSource token;

    // Guarded by the monitor.
    private @Nullable Thread thread;
    private boolean interrupted;
    private boolean stopped;

    StepRun(ChainRun chain, ExecutionChain.Step step, Coordinator coordinator) {
        this.chain = chain;
        this.step = step;
        this.coordinator = coordinator;
        this.token = chain.caller().token().child();
    }

    Component component() {
        return step.component();
    }

    String name() {
        return step.name();
    }

    /** Waits for a place of its component, or fails if that takes no more. */
    void enter() {
        switch (coordinator.lanes().enter(this)) {
            case START -> start();
            case WAIT -> {}
            case STUCK -> stuck();
        }
    }

    private void start() {
        try {
            coordinator.executor().execute(this);
        } catch (RejectedExecutionException full) {
            leave();
            chain.failed(
                    this,
                    LimitException.exceeded(
                            "threads",
                            "all",
                            "the executor of the coordinator took no more for step \"" + name() + "\""));
        }
    }

    private void stuck() {
        chain.failed(
                this,
                LimitException.exceeded(
                        "places of " + component(),
                        String.valueOf(Lanes.PLACES),
                        "step \"" + name() + "\" was not begun: as many steps of " + component()
                                + " were cut off and have not ended"));
    }

    @Override
    public void run() {
        if (!hold()) {
            leave();
            return;
        }
        Duration limit = coordinator.settings().maxComponentExecutionTime();
        Handle timer = coordinator.time().schedule(limit, () -> chain.timeIsUp(this, limit));
        Object output = null;
        Throwable thrown = null;
        try {
            Caller caller = chain.caller().limited(token, coordinator.time().nanos() + limit.toNanos());
            output = JsonValues.checked(step.work().run(chain.input(step, caller)), JsonLimits.VALUE);
        } catch (Throwable failure) { // errors too: a component must not take the others with it
            thrown = failure;
        }
        timer.close();
        release();
        if (thrown == null) {
            chain.succeeded(this, output);
        } else {
            chain.failed(this, InternalException.coded("step \"" + name() + "\" of " + component(), thrown));
        }
        token.close();
        leave();
    }

    private boolean hold() {
        if (!chain.begin(this)) {
            return false;
        }
        synchronized (this) {
            if (stopped) {
                return false;
            }
            thread = Thread.currentThread();
            return true;
        }
    }

    private synchronized void release() {
        thread = null;
        if (interrupted) {
            boolean unused = Thread.interrupted(); // it was sent to the step, not to the thread's next task
        }
    }

    private void leave() {
        StepRun next = coordinator.lanes().leave(this);
        if (next != null) {
            next.start();
        }
    }

    /** Ends the step as far as that is possible: its token is cancelled, its thread interrupted. */
    void stop() {
        boolean runs;
        synchronized (this) {
            stopped = true;
            runs = thread != null;
            if (thread != null) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (runs) {
            coordinator.lanes().overdue(this).forEach(StepRun::stuck);
        } else {
            coordinator.lanes().forget(this);
        }
        try { // actions of the token are foreign code
            Schedulers.boundedElastic().schedule(token::cancel);
        } catch (RejectedExecutionException full) { // late on the wrong thread is better than never
            token.cancel();
        }
    }
}
