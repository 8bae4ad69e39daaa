package io.llmspell.hooks.coordination;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.ReactiveHook;
import io.llmspell.core.identity.Caller;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A declared hook whose factory is called at its first use.
 *
 * <p>{@code instance} is read without lock at each use. It is set by the one thread that has put {@code making}, and
 * cleared by eviction and by switching off. Others that need it meanwhile wait for {@code making}.
 */
abstract sealed class LazyHook<T> {
    final String feature;
    final HookPoint point;
    final HookOptions options;
    private final Supplier<? extends T> factory;
    private final AtomicReference<@Nullable Making<T>> making = new AtomicReference<>();
    private final AtomicReference<@Nullable Instance<T>> instance = new AtomicReference<>();
    private final LongAdder uses = new LongAdder();
    private final Instances instances;

    /** When it was used last, in nanoseconds. */
    private volatile long used;

    /** Whether its feature is on; written under the lock of {@link SelectiveHooks}. */
    private volatile boolean on;

    /** Set once, before the hook can run. */
    private @Nullable HookHandle handle;

    LazyHook(String feature, HookPoint point, HookOptions options, Supplier<? extends T> factory, Instances instances) {
        this.feature = feature;
        this.point = point;
        this.options = options;
        this.factory = factory;
        this.instances = instances;
    }

    /** The making of an instance, and who makes it. */
    private record Making<T>(Thread maker, CompletableFuture<Instance<T>> result) {}

    abstract HookHandle registered(HookRegistry registry, HookOptions disabled);

    /** Registers the hook, disabled. */
    final void register(HookRegistry registry) {
        handle = registered(registry, disabled());
    }

    private HookOptions disabled() {
        return new HookOptions(
                options.name(),
                options.description(),
                options.version(),
                options.priority(),
                options.failurePolicy(),
                options.language(),
                options.tags(),
                options.timeout(),
                options.isolated(),
                options.replayable(),
                false);
    }

    final void unregister() {
        if (handle != null) {
            handle.close();
        }
    }

    /** An instance to use now; to be left after it. */
    final Instance<T> acquire(@Nullable Caller caller) {
        while (true) {
            Instance<T> present = instance.get();
            if (present == null) {
                present = make(caller);
            }
            if (present.enter()) {
                instances.used(this);
                return present;
            }
        }
    }

    final boolean ready() {
        return instance.get() != null;
    }

    private Instance<T> make(@Nullable Caller caller) {
        Making<T> own = new Making<>(Thread.currentThread(), new CompletableFuture<>());
        Making<T> other = making.compareAndExchange(null, own);
        if (other != null) {
            return await(other, caller);
        }
        try {
            Instance<T> present = instance.get();
            Instance<T> made = present == null ? makeNow() : present;
            own.result.complete(made);
            return made;
        } catch (Throwable failure) {
            own.result.completeExceptionally(failure);
            throw failure;
        } finally {
            making.set(null);
        }
    }

    private Instance<T> await(Making<T> other, @Nullable Caller caller) {
        if (other.maker == Thread.currentThread()) {
            throw unavailable("is being made on this thread; its factory must not run operations that it is asked for");
        }
        return caller == null
                ? instances.awaiter().await(other.result, Awaiter.NO_DEADLINE, Cancellation.none())
                : instances.awaiter().await(other.result, caller.deadlineNanos(), caller.token());
    }

    private Instance<T> makeNow() {
        Instances.Place place = instances.reserve(this);
        try {
            T product = factory.get();
            if (product == null) {
                throw unavailable("could not be made: its factory gave nothing");
            }
            Instance<T> made = new Instance<>(product, place);
            instance.set(made);
            instances.made();
            if (!on) { // switched off meanwhile; this use still gets it
                drop();
            }
            return made;
        } catch (Throwable failure) {
            instances.release(place);
            throw failure;
        }
    }

    /** Lets go of the instance; its place is free from then on. */
    final void drop() {
        Instance<T> gone = instance.getAndSet(null);
        if (gone != null) {
            instances.release(gone.place());
            gone.retire();
        }
    }

    /** Switches the hook; one that somebody has unregistered stays so. */
    final void on(boolean value) {
        on = value;
        try {
            boolean unused = handle != null && handle.enabled(value);
        } catch (InvalidStateException unregistered) {
            on = false;
        }
    }

    final boolean on() {
        return on;
    }

    final void touch(long now, boolean count) {
        used = now;
        if (count) {
            uses.increment();
        }
    }

    final long used() {
        return used;
    }

    final long uses() {
        return uses.sum();
    }

    final HookException unavailable(String why) {
        return new HookException(
                ErrorCode.HOOK_UNAVAILABLE,
                "hook \"" + options.name() + "\" at " + point + " " + why,
                Map.of("hook", options.name(), "point", point.name()),
                null);
    }

    /** A hook that answers on the thread of the operation. */
    static final class Direct extends LazyHook<Hook> implements Hook {
        Direct(
                String feature,
                HookPoint point,
                HookOptions options,
                Supplier<? extends Hook> factory,
                Instances instances) {
            super(feature, point, options, factory, instances);
        }

        @Override
        HookHandle registered(HookRegistry registry, HookOptions disabled) {
            return registry.register(point, disabled, this);
        }

        @Override
        public HookResult execute(HookContext context) throws Exception {
            Instance<Hook> present = acquire(ready() ? null : context.caller());
            try {
                return present.hook.execute(context);
            } finally {
                present.leave();
            }
        }
    }

    /** A hook that may answer later; its factory runs where it may block. */
    static final class Reactive extends LazyHook<ReactiveHook> implements ReactiveHook {
        Reactive(
                String feature,
                HookPoint point,
                HookOptions options,
                Supplier<? extends ReactiveHook> factory,
                Instances instances) {
            super(feature, point, options, factory, instances);
        }

        @Override
        HookHandle registered(HookRegistry registry, HookOptions disabled) {
            return registry.registerReactive(point, disabled, this);
        }

        @Override
        public Mono<HookResult> execute(HookContext context) {
            if (ready()) {
                return ask(acquire(null), context);
            }
            Caller caller = context.caller();
            return Mono.fromCallable(() -> acquire(caller))
                    .subscribeOn(Schedulers.boundedElastic())
                    .flatMap(present -> ask(present, context));
        }

        private static Mono<HookResult> ask(Instance<ReactiveHook> present, HookContext context) {
            if (!(present.hook instanceof AutoCloseable)) {
                return present.hook.execute(context);
            }
            return Mono.using(() -> present, each -> each.hook.execute(context), Instance::leave);
        }
    }
}
