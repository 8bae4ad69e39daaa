package io.llmspell.tools;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.ComponentBreaker;
import io.llmspell.core.gate.ComponentBreakers;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.SchemaCompiler;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.time.TimeSource;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolLimits;
import io.llmspell.tools.builtin.CalculatorTool;
import io.llmspell.tools.builtin.TextManipulatorTool;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * Builds {@link Tools}. Gate, events, schemas and time are needed; the rest has defaults.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class ToolsBuilder {
    private @Nullable Gate gate;
    private @Nullable EventBus events;
    private @Nullable SchemaCompiler schemas;
    private @Nullable TimeSource time;
    private @Nullable IdGenerator ids;
    private @Nullable StateManager statistics;
    private Redactor redactor = Redactor.create();
    private ToolSettings settings = ToolSettings.DEFAULT;
    private @Nullable SecurityLevel callerLevel;
    private @Nullable ToolLimits limits;
    private @Nullable Awaiter awaiter;
    private ComponentBreakers breakers = component -> ComponentBreaker.never();

    ToolsBuilder() {}

    /**
     * Sets the gate that every call passes.
     *
     * @param value the gate
     * @return this builder
     */
    public ToolsBuilder gate(Gate value) {
        this.gate = value;
        return this;
    }

    /**
     * Sets the bus that gets {@code tool.started} and then {@code tool.completed}, {@code tool.failed} or
     * {@code tool.timeout}.
     *
     * @param value the bus
     * @return this builder
     */
    public ToolsBuilder events(EventBus value) {
        this.events = value;
        return this;
    }

    /**
     * Sets what reads the schemas of parameters.
     *
     * @param value the compiler
     * @return this builder
     */
    public ToolsBuilder schemas(SchemaCompiler value) {
        this.schemas = value;
        return this;
    }

    /**
     * Sets the clock that measures calls.
     *
     * @param value the clock
     * @return this builder
     */
    public ToolsBuilder time(TimeSource value) {
        this.time = value;
        return this;
    }

    /**
     * Sets what makes the ids of calls; time-ordered ids by default.
     *
     * @param value the generator
     * @return this builder
     */
    public ToolsBuilder ids(IdGenerator value) {
        this.ids = value;
        return this;
    }

    /**
     * Sets what masks secrets in events and errors; the redactor of the house by default.
     *
     * @param value the redactor
     * @return this builder
     */
    public ToolsBuilder redactor(Redactor value) {
        this.redactor = value;
        return this;
    }

    /**
     * Sets the level of all callers, which must reach that of a tool; that of the settings by default.
     *
     * @param value the level
     * @return this builder
     */
    public ToolsBuilder callerLevel(SecurityLevel value) {
        this.callerLevel = value;
        return this;
    }

    /**
     * Sets how much a call may use of a tool that does not say so itself; those of the settings by default.
     *
     * @param value the limits
     * @return this builder
     */
    public ToolsBuilder limits(ToolLimits value) {
        this.limits = value;
        return this;
    }

    /**
     * Sets what makes the breaker of each tool; by default none opens.
     *
     * @param value makes breakers
     * @return this builder
     */
    public ToolsBuilder breakers(ComponentBreakers value) {
        this.breakers = value;
        return this;
    }

    /**
     * Sets what holds for all tools; {@link ToolSettings#DEFAULT} by default.
     *
     * @param value the settings
     * @return this builder
     */
    public ToolsBuilder settings(ToolSettings value) {
        this.settings = value;
        return this;
    }

    /**
     * Sets where the figures of tools are kept, under {@code statistics} in the scope of each tool, and their results if
     * the settings say so; without it nothing is counted or kept.
     *
     * @param manager the state manager
     * @return this builder
     */
    public ToolsBuilder statistics(StateManager manager) {
        this.statistics = manager;
        return this;
    }

    /**
     * Sets how a call waits until fewer others run.
     *
     * @param value the awaiter; default: the thread blocks
     * @return this builder
     */
    public ToolsBuilder awaiter(Awaiter value) {
        this.awaiter = value;
        return this;
    }

    /**
     * Makes the tools and registers the built-in ones.
     *
     * @return the tools
     * @throws ArgumentException {@code invalid_argument} if a needed part was not set
     */
    public Tools build() {
        Gate passes = needed("gate", gate);
        TimeSource clock = needed("time", time);
        EventReporter reporter = new EventReporter(needed("events", events), redactor);
        RegistryImpl registry = new RegistryImpl(passes, needed("schemas", schemas), breakers);
        registry.registerBuiltin(new CalculatorTool());
        registry.registerBuiltin(new TextManipulatorTool());
        IdGenerator made = ids == null ? IdGenerator.timeOrdered(clock) : ids;
        Notices notices = new Notices(passes, reporter);
        StateManager manager = statistics;
        ResultKeeper results =
                manager == null || !settings.keepsAny() ? null : new ResultKeeper(manager, made, settings);
        SecurityLevel granted = callerLevel == null ? settings.level() : callerLevel;
        ToolLimits usual = limits == null ? settings.limits() : limits;
        Awaiter waits = awaiter == null ? Awaiter.blocking(clock) : awaiter;
        CallPlaces places = new CallPlaces(settings.maxConcurrent(), waits, clock);
        ToolOperation operation =
                new ToolOperation(granted, notices, new ToolBody(clock, redactor, notices, places, results));
        Executor background = work -> Schedulers.boundedElastic().schedule(work);
        FigureKeeper figures = statistics == null ? null : new FigureKeeper(statistics, clock, made, background);
        return new Tools(
                registry,
                new ExecutorImpl(registry, passes.passage(operation.define()), reporter, clock, made, usual, figures),
                figures);
    }

    private static <T> T needed(String name, @Nullable T value) {
        if (value == null) {
            throw new ArgumentException("Tools.builder() was built without " + name + "(...), which it needs");
        }
        return value;
    }
}
