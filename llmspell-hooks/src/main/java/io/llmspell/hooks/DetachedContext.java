package io.llmspell.hooks;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.state.StateReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operation as a hook on another thread sees it: a copy of what it was when the hook began.
 *
 * <p>What the hook notes stays here until the operation takes it over, which it does only if the hook answers in time.
 * <b>Threads:</b> made on the thread of the operation, then for the hook's thread, then for the operation's again; the
 * hand-overs are those of the future that carries the answer.
 */
final class DetachedContext implements HookContext, OperationView {
    private final HookSnapshot seen;
    private final Caller caller;
    private final Supplier<StateReader> state;
    private final OperationKind kind;
    private final @Nullable Object input;
    private final @Nullable Object output;
    private final @Nullable LlmSpellException error;
    private final @Nullable String errorStage;
    private final boolean replaced;
    private final Duration elapsed;
    private final boolean warning;
    private final Map<String, @Nullable Object> forks;
    private final Notes notes;
    private final Map<String, String> written = new LinkedHashMap<>();

    DetachedContext(RunningOperation<?, ?> live, Caller caller, Supplier<StateReader> state) {
        this.seen = live.snapshot();
        this.caller = caller;
        this.state = state;
        this.kind = live.kind();
        this.input = live.input();
        this.output = live.output();
        this.error = live.error();
        this.errorStage = live.errorStage();
        this.replaced = live.replaced();
        this.elapsed = live.elapsed();
        this.warning = live.performanceWarning();
        this.forks = Collections.unmodifiableMap(new LinkedHashMap<>(live.forks()));
        this.notes = new Notes(seen.metadata());
    }

    /** Gives what the hook noted to the operation. */
    void mergeInto(HookContext live) {
        written.forEach(live::putMetadata);
        notes.takeActions().forEach(live::onEnd);
    }

    @Override
    public HookPoint point() {
        return seen.point();
    }

    @Override
    public Component component() {
        return seen.component();
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public Instant timestamp() {
        return seen.timestamp();
    }

    @Override
    public @Nullable Object data() {
        return seen.data();
    }

    @Override
    public OperationView operation() {
        return this;
    }

    @Override
    public int attempt() {
        return seen.attempt();
    }

    @Override
    public boolean performanceWarning() {
        return warning;
    }

    @Override
    public Map<String, String> metadata() {
        return notes.metadata();
    }

    @Override
    public void putMetadata(String key, String value) {
        notes.put(key, value);
        written.put(key, value);
    }

    @Override
    public StateReader state() {
        return state.get();
    }

    @Override
    public void onEnd(Consumer<OperationView> action) {
        notes.onEnd(Objects.requireNonNull(action, "action"));
    }

    @Override
    public HookSnapshot snapshot() {
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
    public OperationKind kind() {
        return kind;
    }

    @Override
    public String id() {
        return seen.operationId();
    }

    @Override
    public @Nullable Object input() {
        return input;
    }

    @Override
    public @Nullable Object output() {
        return output;
    }

    @Override
    public @Nullable LlmSpellException error() {
        return error;
    }

    @Override
    public @Nullable String errorStage() {
        return errorStage;
    }

    @Override
    public boolean replaced() {
        return replaced;
    }

    @Override
    public Map<String, @Nullable Object> forks() {
        return forks;
    }

    @Override
    public Duration elapsed() {
        return elapsed;
    }
}
