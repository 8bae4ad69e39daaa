package io.llmspell.hooks;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.ReactiveHook;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Builds a {@link Composition}; children stand in the order of the calls.
 *
 * <p>Of the options of a child, name, priority, failure policy and timeout act: a fail-closed child that fails or cannot
 * start fails the composite, whatever the mode says. <b>Threads:</b> for one thread.
 */
public final class CompositionBuilder {
    private final CompositionMode mode;
    private final List<Composition.Part> added = new ArrayList<>();

    CompositionBuilder(CompositionMode mode) {
        this.mode = Objects.requireNonNull(mode, "mode");
    }

    /**
     * Adds a hook with default options.
     *
     * @param name its name, unique in the composite
     * @param hook the hook
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if the name is taken
     */
    public CompositionBuilder child(String name, Hook hook) {
        return child(HookOptions.named(name), hook);
    }

    /**
     * Adds a hook.
     *
     * @param options how; the name is unique in the composite
     * @param hook the hook
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if the name is taken or an option cannot act in a composite
     */
    public CompositionBuilder child(HookOptions options, Hook hook) {
        return add(options, new CompositeChild.Code.Direct(Objects.requireNonNull(hook, "hook")));
    }

    /**
     * Adds a hook that may answer later.
     *
     * @param options how; the name is unique in the composite
     * @param hook the hook
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if the name is taken or an option cannot act in a composite
     */
    public CompositionBuilder reactiveChild(HookOptions options, ReactiveHook hook) {
        return add(options, new CompositeChild.Code.Reactive(Objects.requireNonNull(hook, "hook")));
    }

    /**
     * Adds a composite.
     *
     * @param options how; the name is unique in the composite
     * @param composition the composite
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if the name is taken or an option cannot act in a composite
     */
    public CompositionBuilder child(HookOptions options, Composition composition) {
        return add(options, new CompositeChild.Code.Nested(Objects.requireNonNull(composition, "composition")));
    }

    private CompositionBuilder add(HookOptions options, CompositeChild.Code code) {
        String name = options.name();
        if (added.stream().anyMatch(child -> child.options().name().equals(name))) {
            throw new ArgumentException("name of a child", name, "unique in its composite");
        }
        if (options.failurePolicy() == FailurePolicy.QUARANTINE) {
            throw new ArgumentException(
                    "failure policy of child \"" + name + "\"",
                    "quarantine",
                    "fail_open or fail_closed; only a registered hook can be disabled and enabled again");
        }
        if (options.isolated()) {
            throw new ArgumentException(
                    "isolated of child \"" + name + "\"",
                    "true",
                    "false; the children of a parallel composite have threads of their own");
        }
        if (!options.enabled()) {
            throw new ArgumentException("enabled of child \"" + name + "\"", "false", "true, or the child left out");
        }
        added.add(new Composition.Part(options, code));
        return this;
    }

    /**
     * Builds the composite.
     *
     * @param hooks the hooks of the runtime in which it will run
     * @return the composite
     * @throws ArgumentException {@code invalid_argument} if there is no child, or fewer than a vote needs
     */
    public Composition build(Hooks hooks) {
        if (added.isEmpty()) {
            throw new ArgumentException("children of a " + mode.id() + " composite", "0", "1 or more");
        }
        if (mode instanceof CompositionMode.Voting voting && voting.minVotes() > added.size()) {
            throw new ArgumentException(
                    "min_votes of voting",
                    String.valueOf(voting.minVotes()),
                    "1 to " + added.size() + ", the number of children");
        }
        return new Composition(mode, added, hooks.composites());
    }
}
