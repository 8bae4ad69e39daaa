package io.llmspell.hooks;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The operation for a hook on another thread: it shows what was true when it was made, and collects what the hook
 * leaves. {@link #mergeInto} hands that to the operation, on the operation's thread; from then on the hook can leave
 * nothing more.
 *
 * <p>{@code lock} guards what was left and whether it was handed over; no foreign code runs under it.
 */
final class SnapshotContext implements HookContext, OperationView {
    private final Object lock = new Object();
    private final Frozen frozen;
    private final Notes notes;
    private final Map<String, String> written = new LinkedHashMap<>();
    private boolean handedOver;

    private SnapshotContext(Frozen frozen) {
        this.frozen = frozen;
        this.notes = new Notes(frozen.snapshot.metadata());
    }

    /** What all snapshots of one moment share. */
    record Frozen(
            HookSnapshot snapshot,
            Caller caller,
            OperationKind kind,
            @Nullable Object input,
            @Nullable Object output,
            @Nullable LlmSpellException error,
            @Nullable String errorStage,
            boolean replaced,
            Map<String, @Nullable Object> forks,
            boolean performanceWarning,
            @Nullable StateReader state,
            @Nullable LlmSpellException noState,
            TimeSource time,
            long beganNanos) {}

    /** Freezes the operation; on its own thread. */
    static Frozen freeze(HookContext live, TimeSource time) {
        OperationView operation = live.operation();
        StateReader state = null;
        LlmSpellException noState = null;
        try {
            state = live.state();
        } catch (LlmSpellException none) { // told to the hook that asks for it
            noState = none;
        }
        return new Frozen(
                live.snapshot(),
                live.caller(),
                operation.kind(),
                operation.input(),
                operation.output(),
                operation.error(),
                operation.errorStage(),
                operation.replaced(),
                operation.forks(),
                live.performanceWarning(),
                state,
                noState,
                time,
                time.nanos() - operation.elapsed().toNanos());
    }

    static SnapshotContext of(Frozen frozen) {
        return new SnapshotContext(frozen);
    }

    /**
     * Hands over what the hook left, once; on the thread of the operation.
     *
     * @param live the operation
     * @param inTime whether the hook has answered in time; if not, its metadata is dropped, its actions run all the same
     */
    void mergeInto(HookContext live, boolean inTime) {
        handOver(live::onEnd, inTime ? live::putMetadata : (key, value) -> {});
    }

    /** Gives away the actions that the hook left, to be run at once: its operation can no longer be reached. */
    void end(Consumer<Runnable> runner) {
        handOver(action -> runner.accept(() -> action.accept(this)), (key, value) -> {});
    }

    private void handOver(Consumer<Consumer<OperationView>> actions, BiConsumer<String, String> texts) {
        Map<String, String> left;
        List<Consumer<OperationView>> due;
        synchronized (lock) {
            if (handedOver) {
                return;
            }
            handedOver = true;
            left = new LinkedHashMap<>(written);
            due = notes.takeActions();
        }
        due.forEach(actions);
        left.forEach(texts);
    }

    private void checkOpen(String what) {
        if (handedOver) {
            throw new InvalidStateException(what + " was called by a hook for which " + component()
                    + " waits no longer; a hook must answer within its deadline");
        }
    }

    @Override
    public Map<String, String> metadata() {
        synchronized (lock) {
            return Map.copyOf(notes.metadata());
        }
    }

    @Override
    public void putMetadata(String key, String value) {
        synchronized (lock) {
            checkOpen("putMetadata");
            notes.put(key, value);
            written.put(key, value);
        }
    }

    @Override
    public void onEnd(Consumer<OperationView> action) {
        synchronized (lock) {
            checkOpen("onEnd");
            notes.onEnd(Objects.requireNonNull(action, "action"));
        }
    }

    @Override
    public HookSnapshot snapshot() {
        HookSnapshot seen = frozen.snapshot;
        return new HookSnapshot(
                seen.point(),
                seen.component(),
                seen.operationId(),
                seen.principal(),
                seen.correlation(),
                seen.parentOperation(),
                seen.language(),
                seen.timestamp(),
                seen.data(),
                metadata(),
                seen.attempt());
    }

    @Override
    public StateReader state() {
        StateReader reader = frozen.state;
        if (reader == null) {
            throw Objects.requireNonNull(frozen.noState);
        }
        return reader;
    }

    @Override
    public HookPoint point() {
        return frozen.snapshot.point();
    }

    @Override
    public Component component() {
        return frozen.snapshot.component();
    }

    @Override
    public Caller caller() {
        return frozen.caller;
    }

    @Override
    public Instant timestamp() {
        return frozen.snapshot.timestamp();
    }

    @Override
    public @Nullable Object data() {
        return frozen.snapshot.data();
    }

    @Override
    public OperationView operation() {
        return this;
    }

    @Override
    public int attempt() {
        return frozen.snapshot.attempt();
    }

    @Override
    public boolean performanceWarning() {
        return frozen.performanceWarning;
    }

    @Override
    public OperationKind kind() {
        return frozen.kind;
    }

    @Override
    public String id() {
        return frozen.snapshot.operationId();
    }

    @Override
    public @Nullable Object input() {
        return frozen.input;
    }

    @Override
    public @Nullable Object output() {
        return frozen.output;
    }

    @Override
    public @Nullable LlmSpellException error() {
        return frozen.error;
    }

    @Override
    public @Nullable String errorStage() {
        return frozen.errorStage;
    }

    @Override
    public boolean replaced() {
        return frozen.replaced;
    }

    @Override
    public Map<String, @Nullable Object> forks() {
        return frozen.forks;
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(frozen.time.nanos() - frozen.beganNanos);
    }
}
