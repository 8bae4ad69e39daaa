package io.llmspell.hooks.coordination;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.identity.Caller;
import io.llmspell.hooks.coordination.ChainResult.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a chain.
 *
 * <p>{@code lock} guards what has begun and ended. Whoever ends a step starts those that it made ready, outside the
 * lock; whoever ends the last one ends the run. What a step gives after it was ended is dropped.
 */
final class ChainRun {
    private final Object lock = new Object();
    private final ExecutionChain chain;
    private final @Nullable Object input;
    private final Caller caller;
    private final Coordinator coordinator;
    private final long beganNanos;
    private final CompletableFuture<ChainResult> result = new CompletableFuture<>();
    private final Map<String, StepRun> started = new HashMap<>();
    private final Map<String, Long> begun = new HashMap<>();
    private final Map<String, ChainResult.Step> ended = new HashMap<>();
    private volatile Handle timer = Handle.noop();
    private volatile Handle cancel = Handle.noop();

    ChainRun(ExecutionChain chain, @Nullable Object input, Caller caller, Coordinator coordinator) {
        this.chain = chain;
        this.input = input;
        this.caller = caller;
        this.coordinator = coordinator;
        this.beganNanos = coordinator.time().nanos();
    }

    Caller caller() {
        return caller;
    }

    CompletableFuture<ChainResult> result() {
        return result;
    }

    void start() {
        note("chain.started", null);
        Duration limit = limit();
        timer = coordinator.time().schedule(limit, () -> endAll(Status.TIMED_OUT, late(limit)));
        cancel = caller.token().onCancel(this::cancel);
        if (result.isDone()) { // before the handles were there
            timer.close();
            cancel.close();
        }
        List<StepRun> first;
        synchronized (lock) {
            first = ready();
        }
        first.forEach(StepRun::enter);
    }

    private Duration limit() {
        Duration most = coordinator.settings().maxChainExecutionTime();
        if (caller.deadlineNanos() == Awaiter.NO_DEADLINE) {
            return most;
        }
        Duration left = Duration.ofNanos(Math.max(0, caller.deadlineNanos() - beganNanos));
        return left.compareTo(most) < 0 ? left : most;
    }

    private LimitException late(Duration limit) {
        return LimitException.timeout("chain \"" + chain.name() + "\"", limit.toString());
    }

    /** Ends the run because nobody wants it any more. */
    void cancel() {
        endAll(Status.CANCELLED, new CancelledException("chain \"" + chain.name() + "\""));
    }

    // ---- what steps say ----

    /** Whether a step may begin: false if the chain has ended meanwhile. */
    boolean begin(StepRun run) {
        synchronized (lock) {
            if (ended.containsKey(run.name())) {
                return false;
            }
            begun.put(run.name(), coordinator.time().nanos());
        }
        note("step.started", run.name());
        return true;
    }

    ExecutionChain.Input input(ExecutionChain.Step step, Caller own) {
        Map<String, @Nullable Object> outputs = new LinkedHashMap<>();
        synchronized (lock) {
            for (String needed : chain.needs(step.name())) {
                outputs.put(needed, Objects.requireNonNull(ended.get(needed)).output());
            }
        }
        return new ExecutionChain.Input(input, outputs, own);
    }

    void succeeded(StepRun run, @Nullable Object output) {
        boolean unused = end(run, Status.SUCCEEDED, output, null);
    }

    void failed(StepRun run, LlmSpellException error) {
        boolean unused = end(run, Status.FAILED, null, error);
    }

    void timeIsUp(StepRun run, Duration limit) {
        LimitException late =
                LimitException.timeout("step \"" + run.name() + "\" of " + run.component(), limit.toString());
        if (end(run, Status.TIMED_OUT, null, late)) {
            run.stop();
        }
    }

    // ---- ends ----

    private boolean end(StepRun run, Status status, @Nullable Object output, @Nullable LlmSpellException error) {
        List<StepRun> ready;
        List<String> skipped;
        boolean last;
        synchronized (lock) {
            if (ended.containsKey(run.name())) {
                return false;
            }
            put(run.name(), status, output, error);
            skipped = skipDependents();
            ready = ready();
            last = ended.size() == chain.steps().size();
        }
        note("step." + status.id(), run.name());
        skipped.forEach(name -> note("step." + Status.SKIPPED.id(), name));
        ready.forEach(StepRun::enter);
        if (last) {
            complete();
        }
        return true;
    }

    private void endAll(Status status, LlmSpellException error) {
        List<StepRun> running = new ArrayList<>();
        List<String> cut = new ArrayList<>();
        synchronized (lock) {
            if (ended.size() == chain.steps().size()) {
                return;
            }
            for (String name : chain.order()) {
                if (!ended.containsKey(name)) {
                    put(name, status, null, error);
                    cut.add(name);
                    StepRun run = started.get(name);
                    if (run != null) {
                        running.add(run);
                    }
                }
            }
        }
        cut.forEach(name -> note("step." + status.id(), name));
        running.forEach(StepRun::stop);
        complete();
    }

    /** Under the lock. */
    private void put(String name, Status status, @Nullable Object output, @Nullable LlmSpellException error) {
        Long began = begun.get(name);
        Duration took = began == null
                ? Duration.ZERO
                : Duration.ofNanos(coordinator.time().nanos() - began);
        ExecutionChain.Step step = Objects.requireNonNull(chain.steps().get(name));
        ended.put(name, new ChainResult.Step(step.component(), status, output, error, took));
    }

    /** Under the lock; one pass in topological order finds the indirect ones too. */
    private List<String> skipDependents() {
        List<String> skipped = new ArrayList<>();
        for (String name : chain.order()) {
            for (String needed : chain.needs(name)) {
                ChainResult.Step missing = ended.get(needed);
                if (!ended.containsKey(name) && missing != null && missing.status() != Status.SUCCEEDED) {
                    put(name, Status.SKIPPED, null, skipped(name, needed));
                    skipped.add(name);
                }
            }
        }
        return skipped;
    }

    private static HookException skipped(String name, String needed) {
        return new HookException(
                ErrorCode.STEP_FAILED,
                "step \"" + name + "\" was not begun, because step \"" + needed + "\", which it needs, did not succeed",
                Map.of("step", name, "needs", needed),
                null);
    }

    /** Under the lock: the steps that can begin now and have not been started. */
    private List<StepRun> ready() {
        List<StepRun> ready = new ArrayList<>();
        chain.steps().forEach((name, step) -> {
            if (!ended.containsKey(name)
                    && !started.containsKey(name)
                    && chain.needs(name).stream().allMatch(ended::containsKey)) {
                StepRun run = new StepRun(this, step, coordinator);
                started.put(name, run);
                ready.add(run);
            }
        });
        return ready;
    }

    private void complete() {
        timer.close();
        cancel.close();
        Map<String, ChainResult.Step> steps = new LinkedHashMap<>();
        synchronized (lock) {
            chain.order().forEach(name -> steps.put(name, Objects.requireNonNull(ended.get(name))));
        }
        Duration elapsed = Duration.ofNanos(coordinator.time().nanos() - beganNanos);
        ChainResult given = new ChainResult(chain.name(), caller.correlation(), steps, elapsed);
        coordinator.ended(this);
        note(given.success() ? "chain.completed" : "chain.failed", null);
        result.complete(given);
    }

    private void note(String type, @Nullable String step) {
        coordinator.note(caller.correlation(), chain, step, type);
    }
}
