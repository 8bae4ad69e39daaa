package io.llmspell.hooks;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.ReactiveHook;
import io.llmspell.core.identity.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Several hooks that are registered as one and decide together; {@link CompositionMode} says how.
 *
 * <p>Each child keeps its own breaker and figures, also when the composite is registered at several points. Children
 * may be composites. A composite fails as one hook, so its registration's failure policy applies to it.
 * <b>Threads:</b> safe.
 */
public final class Composition {
    private final CompositionMode mode;
    private final List<Part> parts;
    private final CompositeEnv env;
    private final boolean blocks;

    /** The children with their guards, by point; made at the first execution there. */
    private final Map<HookPoint, List<CompositeChild>> byPoint = new ConcurrentHashMap<>();

    Composition(CompositionMode mode, List<Part> parts, CompositeEnv env) {
        this.mode = mode;
        this.parts = List.copyOf(parts);
        this.env = env;
        this.blocks = !(mode instanceof CompositionMode.Parallel)
                && parts.stream().anyMatch(part -> CompositeChild.blocks(part.code));
    }

    /** A child as it was added. */
    record Part(HookOptions options, CompositeChild.Code code) {}

    /**
     * Begins a composite.
     *
     * @param mode how it decides
     * @return the builder
     */
    public static CompositionBuilder of(CompositionMode mode) {
        return new CompositionBuilder(mode);
    }

    /**
     * A child and its figures.
     *
     * @param options how it was added
     * @param metrics its own figures
     * @param children its children if it is a composite itself; unmodifiable
     */
    public record Child(HookOptions options, HookMetrics metrics, List<Child> children) {
        /**
         * Copies the children.
         *
         * @param options how it was added
         * @param metrics its own figures
         * @param children its children
         */
        public Child {
            children = List.copyOf(children);
        }

        /**
         * The child's name.
         *
         * @return the name
         */
        public String name() {
            return options.name();
        }
    }

    /**
     * How it decides.
     *
     * @return the mode with its options
     */
    public CompositionMode mode() {
        return mode;
    }

    /**
     * The children and their figures.
     *
     * @return in their order, as of now; unmodifiable
     */
    public List<Child> children() {
        long now = env.time().nanos();
        List<Child> shown = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            int place = i;
            List<HookGuard> guards = byPoint.values().stream()
                    .map(children -> children.get(place).guard())
                    .toList();
            List<Child> inner = part.code instanceof CompositeChild.Code.Nested nested
                    ? nested.composition().children()
                    : List.of();
            shown.add(new Child(part.options, HookGuard.metrics(guards, now), inner));
        }
        return List.copyOf(shown);
    }

    /**
     * The composite as a hook that may block its thread.
     *
     * @return the hook
     */
    public Hook hook() {
        return context -> execute(context, null);
    }

    /**
     * The composite as a hook that does not block, if {@link #blocks} is false.
     *
     * @return the hook
     */
    public ReactiveHook reactiveHook() {
        return context -> executeReactive(context, null);
    }

    /**
     * Whether it may block its thread, because a hook that may block runs on it.
     *
     * @return false for parallel ones, which run such hooks on threads of their own, and for those that have none
     */
    public boolean blocks() {
        return blocks;
    }

    /**
     * Registers the composite as the kind of hook that it is.
     *
     * @param registry where
     * @param point where it runs
     * @param options how
     * @return the handle
     * @throws io.llmspell.core.hook.HookException {@code hook_exists} if the point has a hook of this name
     * @throws ArgumentException {@code invalid_argument} if a child fails closed and the composite would not
     */
    public HookHandle register(HookRegistry registry, HookPoint point, HookOptions options) {
        String guard = guard();
        if (guard != null && options.failurePolicy() != FailurePolicy.FAIL_CLOSED) {
            throw new ArgumentException(
                    "failure policy of composite \"" + options.name() + "\"",
                    options.failurePolicy().name().toLowerCase(Locale.ROOT),
                    "fail_closed, because its child \"" + guard + "\" must not fail");
        }
        Duration deadline = options.timeout();
        return blocks
                ? registry.register(point, options, context -> execute(context, deadline))
                : registry.registerReactive(point, options, context -> executeReactive(context, deadline));
    }

    /** A child, at any depth, that fails closed. */
    private @Nullable String guard() {
        for (Part part : parts) {
            String inner = part.code instanceof CompositeChild.Code.Nested nested
                    ? nested.composition().guard()
                    : null;
            if (part.options.failurePolicy() == FailurePolicy.FAIL_CLOSED) {
                return part.options.name();
            } else if (inner != null) {
                return inner;
            }
        }
        return null;
    }

    HookResult execute(HookContext context, @Nullable Duration deadline) {
        CompositeRun run = run(context, deadline, null);
        for (CompletableFuture<?> wait = run.advance(); wait != null; wait = run.advance()) {
            Caller caller = context.caller();
            try {
                env.awaiter().await(wait, caller.deadlineNanos(), caller.token());
            } catch (RuntimeException
                    | Error failure) { // the future's own failure is read from it; here the wait fails
                if (!wait.isDone()) {
                    run.abandon();
                    throw failure;
                }
            }
        }
        return run.result();
    }

    Mono<HookResult> executeReactive(HookContext context, @Nullable Duration deadline) {
        return Mono.create(
                sink -> new CompositeDrive(run(context, deadline, sink.contextView()), blocks, sink).start());
    }

    private CompositeRun run(HookContext context, @Nullable Duration deadline, @Nullable ContextView reactive) {
        HookPoint point = context.point();
        List<CompositeChild> children = byPoint.computeIfAbsent(point, this::guarded);
        if (mode instanceof CompositionMode.Parallel parallel) {
            return new ParallelRun(children, parallel, limit(parallel, point, deadline), env, context, reactive);
        }
        Tally tally = mode instanceof CompositionMode.Sequential sequential
                ? new Tally.Chain(sequential)
                : mode instanceof CompositionMode.FirstMatch first
                        ? new Tally.Chain(first)
                        : new VotingTally((CompositionMode.Voting) mode);
        return new SerialRun(children, tally, env, context, reactive);
    }

    private List<CompositeChild> guarded(HookPoint point) {
        return parts.stream()
                .map(part ->
                        new CompositeChild(part.options, part.code, env.guards().guard(point, part.options)))
                .toList();
    }

    /** Without a timeout of its own a composite leaves itself a tenth of its deadline to answer. */
    private Duration limit(CompositionMode.Parallel parallel, HookPoint point, @Nullable Duration deadline) {
        if (parallel.timeout() != null) {
            return parallel.timeout();
        }
        HookSettings.AtPoint here = env.settings().points().get(point);
        Duration general =
                here == null || here.deadline() == null ? env.settings().deadline() : here.deadline();
        return (deadline == null ? general : deadline).multipliedBy(9).dividedBy(10);
    }
}
