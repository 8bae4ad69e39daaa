package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.gate.ComponentBreaker;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.OperationTargets;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.state.StateReader;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of one runtime: the registry, the gate in front of all operations, and the points of the user's own.
 *
 * <p>Whoever builds a runtime keeps this object and hands out {@link #registry()} to users, who cannot enter the bands
 * of the system. <b>Threads:</b> safe.
 */
public final class Hooks implements AutoCloseable {
    private final HookTable table;
    private final GateImpl gate;
    private final HookRegistry registry;
    private final HookRegistry first;
    private final HookRegistry last;
    private final Handle owned;

    Hooks(HookTable table, GateImpl gate, Handle owned) {
        this.table = table;
        this.gate = gate;
        this.owned = owned;
        this.registry = new BandRegistry(table, Band.USER, null);
        this.first = new BandRegistry(table, Band.SYSTEM_FIRST, null);
        this.last = new BandRegistry(table, Band.SYSTEM_LAST, null);
    }

    /**
     * Begins to build hooks; every setting has a default that works.
     *
     * @return a builder
     */
    public static HooksBuilder builder() {
        return new HooksBuilder();
    }

    /**
     * The registry for users.
     *
     * @return the registry; it registers behind the hooks of {@link #systemFirst()} and before those of
     *     {@link #systemLast()}
     */
    public HookRegistry registry() {
        return registry;
    }

    /**
     * The registry for users within a run: what is told of its registrations carries that run.
     *
     * @param by who registers hooks with it
     * @return a registry of the same hooks as {@link #registry()}
     */
    public HookRegistry registry(Caller by) {
        Caller kept = Caller.of(by.principal(), by.language(), by.correlation());
        return new BandRegistry(table, Band.USER, kept);
    }

    /**
     * The registry for parts of the runtime whose hooks run before all hooks of users.
     *
     * @return the registry, not to be handed to users
     */
    public HookRegistry systemFirst() {
        return first;
    }

    /**
     * The registry for parts of the runtime whose hooks run after all hooks of users.
     *
     * @return the registry, not to be handed to users
     */
    public HookRegistry systemLast() {
        return last;
    }

    /**
     * The gate that runs operations through these hooks.
     *
     * @return the gate
     */
    public Gate gate() {
        return gate;
    }

    /**
     * The whole input of the operation that a hook of the runtime runs in, with what other hooks see masked.
     *
     * @param context the context of a hook that runs on the thread of its operation
     * @return the input as it will be used, a JSON value; not to be kept or shown
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} if the context is a copy, which has the
     *     masked input alone
     */
    public @Nullable Object exactInput(HookContext context) {
        if (context instanceof RunningOperation<?, ?> running) {
            return running.exactInput();
        }
        throw new InvalidStateException("the hook runs on a copy of its operation, which has no secrets;"
                + " let it run on the thread of the operation, not isolated");
    }

    /**
     * Says where {@code HookContext.state()} reads; to be called once, when state has been built.
     *
     * @param readers gives a reader with the rights of a caller
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} if it was called before
     */
    public void state(Function<Caller, StateReader> readers) {
        gate.state(Objects.requireNonNull(readers, "readers"));
    }

    /**
     * Says how Redirect and Fork start other operations; to be called once, when their owners have been built.
     *
     * @param targets starts operations by kind and name
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} if it was called before
     */
    public void targets(OperationTargets targets) {
        gate.targets(Objects.requireNonNull(targets, "targets"));
    }

    /**
     * Where operations fire hook points, and which results act there.
     *
     * @return a snapshot, by point in the order of the catalogue; an owner that was not built yet is not in it
     */
    public List<Firing> firings() {
        return gate.firings().stream()
                .sorted(Comparator.<Firing>comparingInt(firing -> BandRegistry.place(firing.point()))
                        .thenComparing(Firing::kind)
                        .thenComparing(Firing::stage)
                        .thenComparing(firing -> firing.results().size(), Comparator.reverseOrder()))
                .toList();
    }

    /**
     * Subscribes to all executions of hooks. Without a listener nothing is measured or allocated for it.
     *
     * @param listener hears of each execution, in the order of its operation, from the next hook on
     * @return ends the subscription
     */
    public Handle executions(HookListener listener) {
        return gate.listeners().add(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Subscribes to everything that a listener hears of but executions, so that hooks cost no more than without it.
     *
     * @param listener hears of registrations, breakers, guards and thresholds
     * @return ends the subscription
     */
    public Handle news(HookListener listener) {
        return gate.listeners().addForNews(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Runs the hooks of a custom point.
     *
     * @param point a point of the user's own, {@code custom:NAME}; points of the runtime are fired by it alone
     * @param data the subject, a JSON value
     * @param caller on whose behalf
     * @return what the hooks decided; a Cancel is a result here and no error
     * @throws ArgumentException {@code invalid_argument} if the point belongs to the runtime
     * @throws io.llmspell.core.json.JsonValueException if the data is no JSON value or too large
     * @throws io.llmspell.core.hook.HookException if a fail-closed hook failed
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} if hooks fire each other too deep
     */
    public FireResult fire(HookPoint point, @Nullable Object data, Caller caller) {
        return CustomPoints.fire(gate, point, data, caller);
    }

    /**
     * Makes breakers for tools and agents, with the settings of {@code [hooks.breaker]}; slow calls do not count.
     *
     * @param component whose it is
     * @return a new breaker, one that never opens if breakers are switched off
     */
    public ComponentBreaker breaker(Component component) {
        return gate.breaker(component);
    }

    /** What composites need of the runtime. */
    CompositeEnv composites() {
        return gate.composites();
    }

    /**
     * Refuses further registrations and ends what the builder made for itself. Registered hooks stay, so that the last
     * operations of a closing runtime pass them too. The second call does nothing.
     */
    @Override
    public void close() {
        table.close();
        gate.isolated().close();
        owned.close();
    }
}
