package io.llmspell.hooks.builtin;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Shows a built-in hook the output of operations, before any hook of users can change it.
 *
 * <p>A hook of its own at points after operations, in front of all others. A change of the settings opens it anew before
 * the old instance of the hook closes it, so no output is missed. {@code registered} is guarded by the lock.
 * <b>Threads:</b> safe.
 */
final class OutputTap implements Hook {
    private final HookRegistry registry;
    private final String name;
    private final String version;
    private final List<Consumer<HookContext>> listeners = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private final Map<HookPoint, Registered> registered = new LinkedHashMap<>();

    /** A registration and how many instances of the hook want it. */
    private static final class Registered {
        private final HookHandle handle;
        private int users;

        private Registered(HookHandle handle) {
            this.handle = handle;
        }
    }

    /** A tap that listens nowhere yet, for the built-in hook of this name. */
    OutputTap(HookRegistry registry, String hook, String version) {
        this.registry = registry;
        this.name = hook + "_tap";
        this.version = version;
    }

    /**
     * The points where the output of an operation is first seen that has passed a point before it or on its error.
     *
     * @return empty if an operation at this point has no output that a hook could give
     */
    static List<HookPoint> after(HookPoint point) {
        return switch (point.name()) {
            case "ToolValidation", "tool_parameter_validation", "tool_resource_allocated", "BeforeToolExecution" ->
                List.of(HookPoint.AFTER_TOOL_EXECUTION);
            case "ToolError", "tool_timeout" -> List.of(HookPoint.AFTER_TOOL_EXECUTION);
            case "BeforeToolDiscovery" -> List.of(HookPoint.AFTER_TOOL_DISCOVERY);
            case "BeforeAgentExecution", "AgentError" -> List.of(HookPoint.AFTER_AGENT_EXECUTION);
            case "agent_model_request", "agent_model_error" -> List.of(CostTrackingConfig.RESPONSE);
            case "BeforeWorkflowStart" -> List.of(HookPoint.AFTER_WORKFLOW_COMPLETE);
            case "BeforeWorkflowStage" -> List.of(HookPoint.AFTER_WORKFLOW_STAGE);
            case "WorkflowError" -> List.of(HookPoint.AFTER_WORKFLOW_COMPLETE, HookPoint.AFTER_WORKFLOW_STAGE);
            case "BeforeStateRead" -> List.of(HookPoint.AFTER_STATE_READ);
            case "StateConflict" -> List.of(HookPoint.AFTER_STATE_WRITE);
            default -> List.of();
        };
    }

    /**
     * Listens behind some points until the handle is closed.
     *
     * @param points points before operations or on their errors
     * @param listener gets the context of each output, also of one that a hook gave in place of the operation
     */
    Handle open(Collection<HookPoint> points, Consumer<HookContext> listener) {
        List<HookPoint> behind = points.stream()
                .flatMap(point -> after(point).stream())
                .distinct()
                .toList();
        synchronized (lock) {
            join(behind);
        }
        listeners.add(listener);
        return () -> {
            if (listeners.remove(listener)) {
                synchronized (lock) {
                    behind.forEach(this::leave);
                }
            }
        };
    }

    /** Listens at all points, or at none of them if one refuses. */
    private void join(List<HookPoint> points) {
        List<HookPoint> joined = new ArrayList<>();
        try {
            for (HookPoint point : points) {
                registered.computeIfAbsent(point, fresh -> new Registered(registry.register(fresh, options(), this)))
                        .users++;
                joined.add(point);
            }
        } catch (RuntimeException refused) {
            joined.forEach(this::leave);
            throw refused;
        }
    }

    private void leave(HookPoint point) {
        Registered present = registered.get(point);
        if (present != null && --present.users == 0) {
            registered.remove(point);
            present.handle.unregister();
        }
    }

    private HookOptions options() {
        return HookOptions.builder(name)
                .description("shows a built-in hook the output of operations before other hooks change it")
                .version(version)
                .priority(HookOptions.HIGHEST)
                .failurePolicy(FailurePolicy.FAIL_OPEN)
                .tags("builtin")
                .replayable()
                .build();
    }

    @Override
    public HookResult execute(HookContext context) {
        for (Consumer<HookContext> listener : listeners) {
            listener.accept(context);
        }
        return HookResult.proceed();
    }
}
