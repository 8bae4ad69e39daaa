package io.llmspell.workflows;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far the runs are that have not ended: a head for each in one scope of the runtime, its steps, input and state in the
 * scope of the run. What belongs together is one change of the state manager, and so one batch.
 *
 * <p>Safe for threads; a run is written by one thread at a time. {@code begun} counts the runs that began.
 */
final class CheckpointStore {
    private static final Scope HEADS = Scope.custom("workflow_runs");
    private static final int MOST_RUNS = 1_000;

    /** So often is looked for runs that nobody has resumed. */
    private static final int PRUNE_EVERY = 100;

    private static final String INPUT = "input";
    private static final String STATE = "state";
    private static final String STEP = "step:";

    private final StateManager manager;
    private final Set<String> active;
    private final int mostRuns;
    private final int pruneEvery;
    private final AtomicLong begun = new AtomicLong();

    /** A store that keeps what is to be kept; {@code active} are the runs in progress, which it may claim for a moment. */
    CheckpointStore(StateManager manager, Set<String> active) {
        this(manager, active, MOST_RUNS, PRUNE_EVERY);
    }

    CheckpointStore(StateManager manager, Set<String> active, int mostRuns, int pruneEvery) {
        this.manager = manager;
        this.active = active;
        this.mostRuns = mostRuns;
        this.pruneEvery = pruneEvery;
    }

    private StateView view(Caller caller) {
        return manager.as(caller.as(new Principal.RuntimePart("workflows")));
    }

    private static StateKey head(String run) {
        return StateKey.of(HEADS, run);
    }

    private static StateKey part(String run, String name) {
        return StateKey.of(Scope.workflow(run), name);
    }

    private static StateChange put(StateKey key, @Nullable Object json) {
        return new StateChange.Put(key, json, null, StateClass.TRUSTED);
    }

    /** A run as it is kept: its head, its input, the results of its steps in the order in which they ended, its state. */
    record Kept(RunHead head, @Nullable Object input, List<JsonObject> steps, JsonObject state) {}

    /** Keeps a run that is about to begin, and forgets what was kept under its id. */
    void begin(RunHead head, @Nullable Object input, JsonObject state, Caller caller) {
        StateView view = view(caller);
        prune(view);
        List<StateChange> changes = new ArrayList<>();
        for (String key : view.keys(Scope.workflow(head.runId()))) {
            changes.add(new StateChange.Delete(part(head.runId(), key)));
        }
        changes.add(put(head(head.runId()), head.json()));
        changes.add(put(part(head.runId(), INPUT), input));
        changes.add(put(part(head.runId(), STATE), state));
        view.apply(changes).orThrow();
    }

    /** Keeps results, how far the run is, and its state if that has changed, in one batch; gives the version. */
    long checkpoint(RunHead head, List<JsonObject> results, @Nullable JsonObject state, Caller caller) {
        List<StateChange> changes = new ArrayList<>();
        int number = head.completed().size() - results.size();
        for (JsonObject result : results) {
            changes.add(put(part(head.runId(), STEP + String.format(Locale.ROOT, "%06d", number++)), result));
        }
        if (state != null) {
            changes.add(put(part(head.runId(), STATE), state));
        }
        changes.add(put(head(head.runId()), head.json()));
        return view(caller).apply(changes).orThrow().version();
    }

    /** Forgets a run. */
    void end(String run, Caller caller) {
        StateView view = view(caller);
        List<StateChange> changes = new ArrayList<>();
        for (String key : view.keys(Scope.workflow(run))) {
            changes.add(new StateChange.Delete(part(run, key)));
        }
        changes.add(new StateChange.Delete(head(run)));
        view.apply(changes).orThrow();
    }

    /** The heads of all runs that have not ended, the newest first. */
    List<RunHead> heads(Caller caller) {
        return heads(view(caller));
    }

    private static List<RunHead> heads(StateView view) {
        List<RunHead> heads = new ArrayList<>();
        for (StateValue value : view.all(HEADS).values()) {
            RunHead.of(value.json()).ifPresent(heads::add);
        }
        heads.sort(Comparator.comparing(RunHead::began)
                .thenComparing(RunHead::runId)
                .reversed());
        return heads;
    }

    Optional<Kept> find(String run, Caller caller) {
        StateView view = view(caller);
        Optional<RunHead> head = view.get(head(run)).flatMap(value -> RunHead.of(value.json()));
        if (head.isEmpty()) {
            return Optional.empty();
        }
        Map<String, StateValue> parts = view.all(Scope.workflow(run));
        List<JsonObject> steps = new ArrayList<>();
        parts.forEach((key, value) -> {
            if (key.startsWith(STEP) && value.json() instanceof JsonObject result) {
                steps.add(result);
            }
        });
        Object input = json(parts.get(INPUT));
        JsonObject state = json(parts.get(STATE)) instanceof JsonObject map ? map : JsonObject.empty();
        return Optional.of(new Kept(head.get(), input, steps, state));
    }

    private static @Nullable Object json(@Nullable StateValue value) {
        return value == null ? null : value.json();
    }

    /** What nobody has resumed does not pile up: now and then the oldest runs beyond the limit are forgotten. */
    private void prune(StateView view) {
        if (begun.getAndIncrement() % pruneEvery != 0) {
            return;
        }
        List<RunHead> heads = heads(view);
        Set<String> kept = heads.stream()
                .filter(head -> !head.nested())
                .limit(mostRuns)
                .map(RunHead::runId)
                .collect(Collectors.toSet());
        for (RunHead head : heads) {
            String root = head.root();
            if (!kept.contains(root) && active.add(root)) { // from now on nobody can resume it
                try {
                    int unused = view.clear(Scope.workflow(head.runId()));
                    boolean unusedToo = view.delete(head(head.runId()));
                } finally {
                    active.remove(root);
                }
            }
        }
    }

    /** Whether a run cannot be kept because something of it is too large for state. */
    static boolean tooLarge(LlmSpellException failed) {
        return failed.code().equals(ErrorCode.VALUE_TOO_LARGE);
    }
}
