package io.llmspell.hooks;

import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.Language;
import io.llmspell.core.state.StateReader;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The operation as a child of a composite sees it after another child has changed the data; all else is the operation
 * itself, and its input and output are those that the composite met.
 */
final class ChildContext implements HookContext {
    private final HookContext operation;
    private final @Nullable Object data;

    ChildContext(HookContext operation, @Nullable Object data) {
        this.operation = operation;
        this.data = data;
    }

    @Override
    public @Nullable Object data() {
        return data;
    }

    @Override
    public HookSnapshot snapshot() {
        HookSnapshot seen = operation.snapshot();
        return new HookSnapshot(
                seen.point(),
                seen.component(),
                seen.operationId(),
                seen.principal(),
                seen.correlation(),
                seen.parentOperation(),
                seen.language(),
                seen.timestamp(),
                data,
                seen.metadata(),
                seen.attempt());
    }

    @Override
    public HookPoint point() {
        return operation.point();
    }

    @Override
    public Component component() {
        return operation.component();
    }

    @Override
    public Caller caller() {
        return operation.caller();
    }

    @Override
    public Language language() {
        return operation.language();
    }

    @Override
    public Instant timestamp() {
        return operation.timestamp();
    }

    @Override
    public OperationView operation() {
        return operation.operation();
    }

    @Override
    public int attempt() {
        return operation.attempt();
    }

    @Override
    public boolean performanceWarning() {
        return operation.performanceWarning();
    }

    @Override
    public Map<String, String> metadata() {
        return operation.metadata();
    }

    @Override
    public void putMetadata(String key, String value) {
        operation.putMetadata(key, value);
    }

    @Override
    public StateReader state() {
        return operation.state();
    }

    @Override
    public void onEnd(Consumer<OperationView> action) {
        operation.onEnd(action);
    }
}
