package io.llmspell.testing.hook;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.state.StateReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hook context for tests of one hook, without a gate: what the test sets is what the hook sees.
 *
 * <p>Time stands still at the epoch, the operation is the call of a tool named {@code probe}, and there is no state.
 * <b>Threads:</b> for one thread.
 */
public final class FakeHookContext implements HookContext, OperationView {
    private final HookPoint point;
    private final @Nullable Object data;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Consumer<OperationView>> actions = new ArrayList<>();
    private @Nullable Object output;
    private @Nullable LlmSpellException error;

    private FakeHookContext(HookPoint point, @Nullable Object data) {
        this.point = point;
        this.data = data;
    }

    /**
     * A context at a point.
     *
     * @param point the point
     * @param data the data there, and the input of the operation; a JSON value
     * @return the context
     */
    public static FakeHookContext at(HookPoint point, @Nullable Object data) {
        return new FakeHookContext(point, data);
    }

    /**
     * Sets the output of the operation.
     *
     * @param json a JSON value
     * @return this context
     */
    public FakeHookContext withOutput(@Nullable Object json) {
        this.output = json;
        return this;
    }

    /**
     * Sets the error of the operation.
     *
     * @param failure the error
     * @return this context
     */
    public FakeHookContext withError(LlmSpellException failure) {
        this.error = failure;
        return this;
    }

    /** Ends the operation: runs the actions that the hook left, once. */
    public void end() {
        List<Consumer<OperationView>> due = List.copyOf(actions);
        actions.clear();
        due.forEach(action -> action.accept(this));
    }

    @Override
    public HookPoint point() {
        return point;
    }

    @Override
    public Component component() {
        return Component.named(ComponentType.TOOL, "probe");
    }

    @Override
    public Caller caller() {
        return Caller.host(new CorrelationId("test")).deeper("the hook under test");
    }

    @Override
    public Instant timestamp() {
        return Instant.EPOCH;
    }

    @Override
    public @Nullable Object data() {
        return data;
    }

    @Override
    public OperationView operation() {
        return this;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public boolean performanceWarning() {
        return false;
    }

    @Override
    public Map<String, @Nullable Object> forks() {
        return Map.of();
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public void putMetadata(String key, String value) {
        metadata.put(key, value);
    }

    @Override
    public StateReader state() {
        throw new InvalidStateException("a FakeHookContext has no state; run the hook through a gate to read state");
    }

    @Override
    public void onEnd(Consumer<OperationView> action) {
        actions.add(action);
    }

    @Override
    public HookSnapshot snapshot() {
        return new HookSnapshot(
                point,
                component(),
                id(),
                caller().principal().text(),
                caller().correlation(),
                null,
                language(),
                timestamp(),
                data,
                metadata,
                attempt());
    }

    @Override
    public OperationKind kind() {
        return OperationKind.TOOL_CALL;
    }

    @Override
    public String id() {
        return "00000000-0000-7000-8000-000000000000";
    }

    @Override
    public @Nullable Object input() {
        return data;
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
    public boolean replaced() {
        return false;
    }

    @Override
    public Duration elapsed() {
        return Duration.ZERO;
    }
}
