package io.llmspell.hooks.coordination;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Steps of several components that depend on each other, checked and ordered; a {@link Coordinator} runs it, any number
 * of times.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class ExecutionChain {
    private final String name;
    private final Map<String, Step> steps;
    private final DependencyGraph graph;

    private ExecutionChain(String name, Map<String, Step> steps, DependencyGraph graph) {
        this.name = name;
        this.steps = steps;
        this.graph = graph;
    }

    /**
     * Begins a chain.
     *
     * @param name its name for results and messages, 1 to 128 characters
     * @return the builder
     * @throws ArgumentException {@code invalid_argument} if the name is blank or too long
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /**
     * What a step does.
     *
     * <p><b>Threads:</b> called on a thread of the coordinator's executor, which is interrupted when its time is over.
     */
    @FunctionalInterface
    public interface Work {
        /**
         * Does the work.
         *
         * @param input what it works on
         * @return a JSON value, for the steps that need this one
         * @throws Exception any failure; the steps that need this one are then skipped
         */
        @Nullable Object run(Input input) throws Exception;
    }

    /**
     * What a step works on.
     *
     * @param chain the input of the chain, a JSON value
     * @param outputs by name the outputs of the steps that this one needs directly; JSON values, unmodifiable
     * @param caller on whose behalf, with the token and deadline of this step
     */
    public record Input(@Nullable Object chain, Map<String, @Nullable Object> outputs, Caller caller) {
        /**
         * Copies the outputs.
         *
         * @param chain the input of the chain
         * @param outputs the outputs of the steps that this one needs
         * @param caller on whose behalf
         */
        public Input {
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        }
    }

    /** A declared step. */
    record Step(String name, Component component, Work work) {}

    /**
     * The chain's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The names of the steps in topological order.
     *
     * @return each after what it needs; unmodifiable
     */
    public List<String> order() {
        return graph.order();
    }

    /** The steps by name, in topological order. */
    Map<String, Step> steps() {
        return steps;
    }

    Set<String> needs(String step) {
        return graph.needs(step);
    }

    /**
     * Declares the steps of a chain.
     *
     * <p><b>Threads:</b> for one thread.
     */
    public static final class Builder {
        private final String name;
        private final Map<String, Step> steps = new LinkedHashMap<>();
        private final Map<String, Set<String>> needs = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = checked("name of a chain", name);
        }

        private static String checked(String what, String text) {
            if (text.isBlank() || text.length() > 128) {
                throw new ArgumentException(what, text, "1 to 128 characters");
            }
            return text;
        }

        /**
         * Declares a step.
         *
         * @param step its name, unique in the chain
         * @param component what does the work; steps of one component share its places
         * @param work what it does
         * @param dependsOn the steps that must have succeeded before; they may be declared later
         * @return this builder
         * @throws ArgumentException {@code invalid_argument} if the name is blank, too long or taken
         */
        public Builder step(String step, Component component, Work work, String... dependsOn) {
            Objects.requireNonNull(component, "component");
            Objects.requireNonNull(work, "work");
            if (steps.putIfAbsent(checked("name of a step", step), new Step(step, component, work)) != null) {
                throw new ArgumentException("step of chain \"" + name + "\"", step, "declared once");
            }
            needs.put(step, new LinkedHashSet<>(Arrays.asList(dependsOn)));
            return this;
        }

        /**
         * Checks and orders the steps.
         *
         * @return the chain
         * @throws ArgumentException {@code invalid_argument} if there is no step, or one that is needed is not declared
         * @throws io.llmspell.core.hook.HookException {@code dependency_cycle} naming the circle
         */
        public ExecutionChain build() {
            if (steps.isEmpty()) {
                throw new ArgumentException("steps of chain \"" + name + "\"", "0", "1 or more");
            }
            DependencyGraph graph = DependencyGraph.of("steps of chain \"" + name + "\"", needs);
            Map<String, Step> ordered = new LinkedHashMap<>();
            for (String each : graph.order()) {
                ordered.put(each, Objects.requireNonNull(steps.get(each)));
            }
            return new ExecutionChain(name, Collections.unmodifiableMap(ordered), graph);
        }
    }
}
