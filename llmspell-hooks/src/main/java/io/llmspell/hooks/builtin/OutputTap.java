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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sees what the body of an operation gave, before any hook of users can change it.
 *
 * <p>A hook of its own at the points after the operation, in front of all others. What a hook answered in place of the
 * body is not seen. {@code waiting} holds one entry for each watched operation, until it ends; the registrations are
 * guarded by the lock. <b>Threads:</b> safe.
 */
final class OutputTap implements Hook {
    private final HookRegistry registry;
    private final String name;
    private final String version;
    private final ConcurrentMap<String, Consumer<HookContext>> waiting = new ConcurrentHashMap<>();
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
     * The point where the output of an operation is first seen that has passed a point before it.
     *
     * @return null if an operation at this point has no output that a hook could give
     */
    static @Nullable HookPoint after(HookPoint before) {
        return switch (before.name()) {
            case "ToolValidation", "tool_parameter_validation", "tool_resource_allocated", "BeforeToolExecution" -> HookPoint
                    .AFTER_TOOL_EXECUTION;
            case "BeforeToolDiscovery" -> HookPoint.AFTER_TOOL_DISCOVERY;
            case "BeforeAgentExecution" -> HookPoint.AFTER_AGENT_EXECUTION;
            case "agent_model_request" -> CostTrackingConfig.RESPONSE;
            case "BeforeWorkflowStart" -> HookPoint.AFTER_WORKFLOW_COMPLETE;
            case "BeforeWorkflowStage" -> HookPoint.AFTER_WORKFLOW_STAGE;
            case "BeforeStateRead" -> HookPoint.AFTER_STATE_READ;
            default -> null;
        };
    }

    /** Listens at points until the handle is closed; points where it listens already are shared. */
    Handle open(Collection<HookPoint> points) {
        synchronized (lock) {
            join(points);
        }
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.compareAndSet(true, false)) {
                synchronized (lock) {
                    points.forEach(this::leave);
                }
            }
        };
    }

    /** Listens at all points, or at none of them if one refuses. */
    private void join(Collection<HookPoint> points) {
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
                .description("shows the output of operations to the built-in hook before other hooks change it")
                .version(version)
                .priority(HookOptions.HIGHEST)
                .failurePolicy(FailurePolicy.FAIL_OPEN)
                .tags("builtin")
                .replayable()
                .build();
    }

    /** Shows the output of each run of the operation, until it ends; in place of who watched it before. */
    void watch(HookContext context, Consumer<HookContext> seen) {
        String id = context.operation().id();
        if (waiting.put(id, seen) == null) {
            context.onEnd(ended -> waiting.remove(id));
        }
    }

    @Override
    public HookResult execute(HookContext context) {
        if (!waiting.isEmpty() && !context.operation().replaced()) {
            Consumer<HookContext> seen = waiting.get(context.operation().id());
            if (seen != null) {
                seen.accept(context);
            }
        }
        return HookResult.proceed();
    }
}
