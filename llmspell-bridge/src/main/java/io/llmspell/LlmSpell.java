package io.llmspell;

import io.llmspell.bridge.ScriptRunner;
import io.llmspell.bridge.SpellRuntime;
import io.llmspell.bridge.globals.GlobalServices;
import io.llmspell.core.agent.AgentRegistry;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.artifact.ArtifactManager;
import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolRegistry;
import io.llmspell.events.correlation.CorrelationTracker;
import io.llmspell.events.correlation.Timelines;
import io.llmspell.hooks.Firing;
import io.llmspell.hooks.builtin.BuiltinHooks;
import io.llmspell.hooks.coordination.Coordinator;
import io.llmspell.hooks.coordination.SelectiveHooks;
import io.llmspell.hooks.distributed.PeerKey;
import io.llmspell.hooks.distributed.PeerNode;
import io.llmspell.hooks.distributed.PeerNodeBuilder;
import io.llmspell.workflows.Workflows;
import java.util.List;
import java.util.function.Consumer;

/**
 * A running LlmSpell: hooks, events, state, tools, agents, workflows and scripts, put together and closed together.
 *
 * <pre>{@code
 * try (LlmSpell spell = LlmSpell.builder().storage(RocksDbStorage.at(path).createIfMissing()).build()) {
 *     spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, "no-rm", context -> ...);
 *     spell.lua().run(Path.of("spell.lua"));
 * }
 * }</pre>
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> every call gives coded errors, see
 * {@link io.llmspell.core.error.LlmSpellException}.
 */
public final class LlmSpell implements AutoCloseable {
    private final SpellRuntime runtime;

    LlmSpell(SpellRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * A builder with defaults that need no configuration: state in memory, the offline model provider, script output to
     * the log.
     *
     * @return the builder
     */
    public static LlmSpellBuilder builder() {
        return new LlmSpellBuilder();
    }

    /**
     * The version of this release.
     *
     * @return such as {@code 0.1.0}
     */
    public static String version() {
        return SpellRuntime.version();
    }

    /**
     * All hooks.
     *
     * @return the registry
     */
    public HookRegistry hooks() {
        return runtime.services().hooks().registry();
    }

    /**
     * Where the runtime fires hook points, and which results act there.
     *
     * @return one row for each place, by point in the order of the catalogue
     */
    public List<Firing> firings() {
        GlobalServices services = runtime.services();
        services.workflows(); // and tools and agents with it: a part notes its firings when it is made
        services.sessions().results();
        return services.hooks().firings();
    }

    /**
     * The built-in hooks, which are switched on and off as a whole.
     *
     * @return the hooks
     */
    public BuiltinHooks builtins() {
        return runtime.builtins();
    }

    /**
     * The hooks that are switched on and off by feature.
     *
     * @return what {@link LlmSpellBuilder#selectiveHooks} declared, only the feature {@code core} without hooks if it
     *     declared nothing; closed with the runtime
     */
    public SelectiveHooks selectiveHooks() {
        return runtime.coordination().selectiveHooks();
    }

    /**
     * Runs chains of steps over several components and keeps traces of them.
     *
     * @return the coordinator, made at the first call; closed with the runtime
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} after {@link #close}
     */
    public Coordinator coordinator() {
        return runtime.coordination().coordinator();
    }

    /**
     * Makes this process one among others that share hook contexts. What it refuses is in the audit log.
     *
     * @param agentId its name among the others, 1 to 128 characters
     * @param key the key that it signs with
     * @param more sets what else it is: further keys, and from whom it takes what; by default it takes nothing
     * @return the node, of which there may be several; closed with the runtime
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if the name is blank, too long or
     *     {@code *}, the key is not held by it, or two keys have one id
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} after {@link #close}
     */
    public PeerNode peer(String agentId, PeerKey key, Consumer<PeerNodeBuilder> more) {
        return runtime.coordination().peer(agentId, key, more);
    }

    /**
     * The event bus.
     *
     * @return the bus; closed with the runtime
     */
    public EventBus events() {
        return runtime.services().events();
    }

    /**
     * What was refused, to whom and why; {@code verify()} shows that nobody has changed it.
     *
     * @return the audit log in the store of this LlmSpell
     */
    public AuditLog audit() {
        return runtime.audit();
    }

    /**
     * Remembers how the events of runs are linked, in bounded memory, from the first call of this method on.
     *
     * @return the tracker, the same at each call; {@code [events.correlation]} says how much it remembers
     */
    public CorrelationTracker correlations() {
        return runtime.services().tracker().get();
    }

    /**
     * Makes timelines of events, such as those of {@code events().journal()}, and shows them.
     *
     * @return the maker, as {@code [events.timeline]} says
     */
    public Timelines timelines() {
        return runtime.services().timelines().get();
    }

    /**
     * State; {@code state().as(caller())} gives a view.
     *
     * @return the manager; closed with the runtime
     */
    public StateManager state() {
        return runtime.services().state();
    }

    /**
     * Sessions.
     *
     * @return the manager, made at the first call; closed with the runtime
     */
    public SessionManager sessions() {
        return runtime.services().sessions().manager();
    }

    /**
     * Artifacts.
     *
     * @return the manager, made at the first call
     */
    public ArtifactManager artifacts() {
        return runtime.services().sessions().results();
    }

    /**
     * All tools.
     *
     * @return the registry
     */
    public ToolRegistry tools() {
        return runtime.services().tools().registry();
    }

    /**
     * Calls tools.
     *
     * @return the executor
     */
    public ToolExecutor toolExecutor() {
        return runtime.services().tools().executor();
    }

    /**
     * All agents.
     *
     * @return the registry
     */
    public AgentRegistry agents() {
        return runtime.services().agents().registry();
    }

    /**
     * What is kept of agents, also of those that this runtime has not made.
     *
     * @return the store of their records
     */
    public AgentStore agentRecords() {
        return runtime.services().agents().records();
    }

    /**
     * Makes workflows.
     *
     * @return the factory
     */
    public Workflows workflows() {
        return runtime.services().workflows();
    }

    /**
     * Runs Lua scripts.
     *
     * @return the runner
     * @throws io.llmspell.core.error.ConfigException {@code missing_artifact} if {@code llmspell-bridge-lua} is not on
     *     the class path
     */
    public ScriptRunner lua() {
        return scripts(Language.LUA);
    }

    /**
     * Runs scripts of the language that {@code [runtime] default_engine} names, Lua if it names none.
     *
     * @return the runner
     * @throws io.llmspell.core.error.ConfigException {@code missing_artifact} if its engine is not on the class path
     */
    public ScriptRunner scripts() {
        return scripts(runtime.defaultEngine());
    }

    /**
     * Runs scripts of a language.
     *
     * @param language the language
     * @return the runner
     * @throws io.llmspell.core.error.ConfigException {@code missing_artifact} if its engine is not on the class path
     */
    public ScriptRunner scripts(Language language) {
        return runtime.scripts(language);
    }

    /**
     * Changes an option while LlmSpell runs; the change passes the hooks of {@code ConfigurationChange} before it acts.
     *
     * @param section the section of the configuration; {@code monitor} can be changed
     * @param key the option, such as {@code memory_high}
     * @param value the new value as configuration writes it, such as {@code 0.9} or {@code "5s"}
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if there is no such option, or it cannot
     *     be changed while LlmSpell runs
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if the value is out of range
     * @throws io.llmspell.core.gate.OperationCancelledException {@code operation_cancelled} if a hook vetoed it
     */
    public void configure(String section, String key, Object value) {
        runtime.configure(section, key, value, "java", caller());
    }

    /**
     * A caller for a new run of the host program.
     *
     * @return the caller, with a correlation id of its own
     */
    public Caller caller() {
        return Caller.host(new CorrelationId(runtime.services().ids().next().toString()));
    }

    /** Ends scripts, delivers what is left in the queues, and closes everything in reverse order. Idempotent. */
    @Override
    public void close() {
        runtime.close();
    }
}
