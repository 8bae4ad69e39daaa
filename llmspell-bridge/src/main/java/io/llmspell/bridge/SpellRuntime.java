package io.llmspell.bridge;

import io.llmspell.agents.Agents;
import io.llmspell.agents.OfflineProvider;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.bridge.globals.GlobalServices;
import io.llmspell.bridge.globals.Globals;
import io.llmspell.bridge.globals.HookParts;
import io.llmspell.bridge.globals.RuntimeSessions;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.SchemaCompiler;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.script.ScriptEngine;
import io.llmspell.core.script.ScriptEngineProvider;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.script.ScriptHost;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.events.Events;
import io.llmspell.hooks.Hooks;
import io.llmspell.hooks.builtin.BuiltinHooks;
import io.llmspell.state.Schemas;
import io.llmspell.state.States;
import io.llmspell.state.agent.AgentStores;
import io.llmspell.state.artifact.Artifacts;
import io.llmspell.state.session.Sessions;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.tools.Tools;
import io.llmspell.workflows.Workflows;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The parts of a running LlmSpell and the order in which they live and end: clock, store, gate, bus, state, tools,
 * agents, workflows, scripts.
 *
 * <p><b>Threads:</b> safe.
 */
public final class SpellRuntime implements AutoCloseable {
    private static final Set<Space> SPACES =
            Set.of(Space.STATE, Space.EVENTS, Space.HISTORY, Space.AUDIT, Space.AGENTS, Space.SESSIONS, Space.META);

    private final CloseStack closing;
    private final GlobalServices services;
    private final EngineAwaiter awaiter;
    private final ScriptSettings settings;
    private final List<ScriptModule> globals;
    private final Map<Language, ScriptEngineProvider> engines;
    private final SystemPoints system;
    private final RuntimeWatch watch;
    private final Language defaultEngine;
    private final HookRecorder recorder;
    private final RuntimeBuiltins builtins;
    private final RuntimeCoordination coordination;
    private final RuntimeAudit audit;
    private final RuntimeKeys keys;
    private final RecordCodec records;

    /** Whether the store has secrets; written by the opening thread before the store can be used. */
    private volatile boolean sealed;

    private SpellRuntime(RuntimeConfig config, CloseStack closing) {
        this.closing = closing;
        this.defaultEngine = config.options().runtime().engine();
        TimeSource time = clock(config, closing);
        // Nobody can veto a start without hooks: the store, which takes longest, opens beside all the rest.
        RuntimeOptions options = config.options();
        StorageFactory factory = config.storage() == null ? MemoryStorage.factory() : config.storage();
        this.keys = new RuntimeKeys(options.storage(), factory);
        this.records = RecordCodecs.create(JsonCodec.create(), keys);
        boolean unhooked = config.hooks().isEmpty() && options.builtins().isEmpty();
        OpeningStorage early = unhooked ? opening(factory, time) : null;
        IdGenerator ids = IdGenerator.timeOrdered(time);
        this.awaiter = new EngineAwaiter(time);
        this.audit = new RuntimeAudit(time, options.security().audit(), () -> caller(ids, "audit"));
        Hooks hooks = closing.add(Hooks.builder()
                .time(time)
                .ids(ids)
                .awaiter(awaiter)
                .settings(options.hooks())
                .build());
        SchemaCompiler schemas = Schemas.compiler();
        this.builtins = new RuntimeBuiltins(hooks, time, closing, options.redactor(), audit, schemas);
        builtins.configure(options.builtins());
        this.coordination = new RuntimeCoordination(
                hooks,
                time,
                awaiter,
                audit,
                this::notices,
                closing,
                options.hookSection().selective());
        coordination.declare(config.hooks().features());
        config.hooks().registrations().forEach(registration -> registration.accept(hooks.registry()));
        this.system = new SystemPoints(hooks.gate(), time);
        this.engines = engines(config);
        system.startup(version(), engines.keySet(), runtimeCaller(ids));
        OpeningStorage storage = early != null ? early : opening(factory, time);
        this.services = services(config, hooks, storage, time, ids, schemas);
        this.settings = new ScriptSettings(
                options.limits(),
                config.output() == null ? closing.add(LogOutput.create()) : config.output(),
                config.errorOutput() == null ? closing.add(LogOutput.create()) : config.errorOutput());
        this.globals = Globals.all(services);
        hooks.targets(new RuntimeTargets(services));
        this.watch = closing.add(RuntimeWatch.begin(
                services, options, new MachineProbes(), SystemPoints.RUNTIME, () -> runtimeCaller(ids)));
        ScriptEngineProvider scripts = engines.get(defaultEngine);
        if (scripts != null) {
            scripts.prepare();
        }
        storage.store(); // a store that cannot be opened ends the start here, before any script runs
        this.recorder = closing.add(HookRecorder.start(hooks.registry(), storage, time, version(), options.redactor()));
        resealInBackground(runtimeCaller(ids));
        system.started(services.events(), version(), runtimeCaller(ids));
    }

    private OpeningStorage opening(StorageFactory factory, TimeSource time) {
        return closing.add(OpeningStorage.begin(factory, SPACES, time, store -> {
            keys.opened(store.capabilities());
            sealed = States.checkKeys(store, records) > 0;
        }));
    }

    /** Secrets under an older key are sealed with the active one, beside everything else. */
    private void resealInBackground(Caller caller) {
        if (sealed) {
            Mono.fromRunnable(() -> services.state().reseal(caller))
                    .subscribeOn(Schedulers.boundedElastic())
                    .subscribe(done -> {}, this::notResealed);
        }
    }

    private void notResealed(Throwable failed) {
        if (!isClosed()) { // the store may go while it is under way; the next start goes on
            LoggerFactory.getLogger(SpellRuntime.class)
                    .warn("secrets under older keys were not sealed again", LogText.maskedError(failed));
        }
    }

    private GlobalServices services(
            RuntimeConfig config,
            Hooks hooks,
            StorageBackend storage,
            TimeSource time,
            IdGenerator ids,
            SchemaCompiler schemas) {
        JsonCodec json = JsonCodec.create();
        Redactor redactor = config.options().redactor();
        EventBus events = closing.add(Events.builder()
                .time(time)
                .ids(ids)
                .gate(hooks.gate())
                .awaiter(awaiter)
                .redactor(redactor)
                .journal(storage, records, Space.EVENTS)
                .reserveEarly()
                .journaling(config.options().journal())
                .settings(config.options().events())
                .build());
        StateManager state = closing.add(States.builder()
                .storage(storage)
                .codec(records)
                .gate(hooks.gate())
                .events(events)
                .audit(audit)
                .changes(builtins.changes())
                .time(time)
                .redactor(redactor)
                .settings(config.options().state())
                .writeMode(config.options().storage().writeMode())
                .build());
        hooks.state(state::reader);
        RuntimeSessions sessions = closing.add(new RuntimeSessions(
                contents -> Sessions.builder()
                        .storage(storage)
                        .codec(records)
                        .gate(hooks.gate())
                        .state(state)
                        .events(events)
                        .time(time)
                        .ids(ids)
                        .redactor(redactor)
                        .contents(contents)
                        .keepState(config.options().sessions().keepState())
                        .idleTimeout(config.options().sessions().idleTimeout())
                        .keepSessions(config.options().sessions().keepSessions())
                        .build(),
                manager -> Artifacts.builder()
                        .storage(storage)
                        .codec(records)
                        .gate(hooks.gate())
                        .state(state)
                        .sessions(manager)
                        .events(events)
                        .time(time)
                        .ids(ids)
                        .redactor(redactor)
                        .build()));
        Lazy<Tools> tools = new Lazy<>(() -> closing.add(Tools.builder()
                .gate(hooks.gate())
                .events(events)
                .schemas(schemas)
                .breakers(hooks::breaker)
                .awaiter(awaiter)
                .time(time)
                .statistics(state)
                .settings(config.options().tools())
                .ids(ids)
                .redactor(redactor)
                .build()));
        Supplier<AgentStore> kept = () -> AgentStores.builder()
                .storage(storage)
                .codec(RecordCodecs.compressed(records, config.options().state().compressionThreshold()))
                .rights(state)
                .writeMode(config.options().storage().writeMode())
                .gate(hooks.gate())
                .time(time)
                .events(events)
                .awaiter(awaiter)
                .redactor(redactor)
                .build();
        Lazy<Agents> agents = new Lazy<>(() -> agents(config, hooks, events, tools.get(), kept.get(), time, ids));
        Lazy<Workflows> workflows = new Lazy<>(() -> Workflows.builder()
                .gate(hooks.gate())
                .events(events)
                .tools(tools.get().executor())
                .agents(agents.get().registry())
                .state(state::as)
                .checkpoints(state)
                .time(time)
                .ids(ids)
                .redactor(redactor)
                .build());
        if (!config.providers().isEmpty()) {
            agents.get(); // what is wrong with them shows at the start
        }
        closing.add(audit.begin(storage, records));
        builtins.serve(events);
        HookParts parts = new HookParts(config.options().hooks(), builtins, new IsolatedEngines(this));
        return new GlobalServices(
                hooks,
                parts,
                events,
                state,
                sessions,
                tools,
                agents,
                workflows,
                json,
                time,
                ids,
                redactor,
                audit,
                this::notices,
                () -> config.options().timelines().maker(time, redactor),
                new Lazy<>(() -> config.options().timelines().tracker(events, time, runtimeCaller(ids)))::get);
    }

    private Agents agents(
            RuntimeConfig config,
            Hooks hooks,
            EventBus events,
            Tools tools,
            AgentStore kept,
            TimeSource time,
            IdGenerator ids) {
        return closing.add(Agents.builder()
                .gate(hooks.gate())
                .events(events)
                .tools(tools.registry(), tools.executor())
                .providers(providers(config))
                .breakers(hooks::breaker)
                .awaiter(awaiter)
                .time(time)
                .ids(ids)
                .redactor(config.options().redactor())
                .store(kept)
                .persistence(config.options().agents())
                .build());
    }

    /** The offline provider is always there, so that everything runs without a key. */
    private static List<ModelProvider> providers(RuntimeConfig config) {
        List<ModelProvider> all = new ArrayList<>(config.providers());
        all.add(new OfflineProvider());
        return all;
    }

    private static TimeSource clock(RuntimeConfig config, CloseStack closing) {
        return config.time() == null ? closing.add(new SystemTimeSource()) : config.time();
    }

    private static Map<Language, ScriptEngineProvider> engines(RuntimeConfig config) {
        Map<Language, ScriptEngineProvider> found = new EnumMap<>(Language.class);
        Iterable<ScriptEngineProvider> all =
                config.engines().isEmpty() ? ServiceLoader.load(ScriptEngineProvider.class) : config.engines();
        all.forEach(each -> found.put(each.language(), each));
        return found;
    }

    private static Caller runtimeCaller(IdGenerator ids) {
        return caller(ids, "system");
    }

    private static Caller caller(IdGenerator ids, String part) {
        return Caller.of(
                new Principal.RuntimePart(part),
                Language.JAVA,
                new CorrelationId(ids.next().toString()));
    }

    /**
     * Starts a runtime; if a part fails, those before it are closed again.
     *
     * @param config what it is made of
     * @return the runtime
     * @throws io.llmspell.core.error.LlmSpellException any coded error of a part
     */
    public static SpellRuntime start(RuntimeConfig config) {
        CloseStack closing = new CloseStack();
        try {
            return new SpellRuntime(config, closing);
        } catch (RuntimeException | Error failed) {
            closing.close();
            throw failed;
        }
    }

    /**
     * The parts that users and scripts speak to.
     *
     * @return the parts
     */
    public GlobalServices services() {
        return services;
    }

    /**
     * The language of scripts that do not say theirs.
     *
     * @return the language
     */
    public Language defaultEngine() {
        return defaultEngine;
    }

    /**
     * Runs scripts of a language.
     *
     * @param language the language
     * @return the runner
     * @throws ConfigException {@code missing_artifact} if its engine is not on the class path
     */
    public ScriptRunner scripts(Language language) {
        return new ScriptRunner(provider(language), this);
    }

    private ScriptEngineProvider provider(Language language) {
        ScriptEngineProvider provider = engines.get(language);
        if (provider == null) {
            throw ConfigException.missingArtifact(
                    "the script engine for " + language.id(), "io.llmspell:llmspell-bridge-" + artifact(language));
        }
        return provider;
    }

    /** Opens an engine with one global more than others have. */
    ScriptEngine open(Language language, Caller caller, ScriptModule more) {
        List<ScriptModule> all = new ArrayList<>(globals);
        all.add(more);
        return open(provider(language), caller, all);
    }

    ScriptEngine open(ScriptEngineProvider provider, Caller caller, List<ScriptModule> found) {
        if (isClosed()) {
            throw ScriptException.closed("the script");
        }
        return provider.open(new ScriptHost(
                found,
                settings.limits(),
                settings.output(),
                settings.errorOutput(),
                services.time(),
                services.ids(),
                services.json(),
                caller));
    }

    /**
     * The built-in hooks.
     *
     * @return the hooks, made at the first call
     */
    public BuiltinHooks builtins() {
        return builtins.get();
    }

    /**
     * Hooks by feature, chains over components, and peers.
     *
     * @return what makes them
     */
    public RuntimeCoordination coordination() {
        return coordination;
    }

    private static String artifact(Language language) {
        return language == Language.JAVASCRIPT ? "js" : language.id();
    }

    /**
     * Changes an option while the runtime runs; the change passes {@code ConfigurationChange} before it acts.
     *
     * @param section the section, such as {@code monitor}
     * @param key the option
     * @param value the new value as configuration writes it, a JSON value
     * @param source where the change comes from, such as {@code java}
     * @param caller on whose behalf
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if there is no such option, or it cannot
     *     be changed while the runtime runs
     * @throws ConfigException {@code invalid_config} if the value is out of range
     * @throws io.llmspell.core.gate.OperationCancelledException {@code operation_cancelled} if a hook vetoed it
     */
    public void configure(String section, String key, @Nullable Object value, String source, Caller caller) {
        watch.change(section, key, value, source, caller);
    }

    /**
     * What was refused, in the store of the runtime.
     *
     * @return the log
     */
    public AuditLog audit() {
        return audit;
    }

    /**
     * Makes a new key for secrets and seals with it whatever is sealed with older ones; reads and writes go on.
     *
     * @param caller on whose behalf; the host or the runtime
     * @return how many values were sealed again
     * @throws io.llmspell.core.error.LlmSpellException {@code invalid_state} if the keys are configured as a variable,
     *     {@code store_key_missing} if the new key cannot be kept, {@code access_denied} for other callers
     */
    public int rotateKeys(Caller caller) {
        services.state().reseal(caller); // who may not do it makes no key
        keys.newKey();
        return services.state().reseal(caller);
    }

    /** Tells of limits and violations. */
    Notices notices() {
        return watch.notices();
    }

    boolean isClosed() {
        return closing.isClosed();
    }

    ScriptSettings settings() {
        return settings;
    }

    List<ScriptModule> globals() {
        return globals;
    }

    /** Keeps an engine until it is closed; the end of the runtime closes it. */
    Handle track(ScriptEngine engine) {
        return track(engine, () -> {});
    }

    /** Keeps the engine of a run; with it ends the session of the run. */
    Handle trackRun(ScriptEngine engine) {
        Caller run = engine.session().caller();
        return track(engine, () -> services.sessions().endRun(run));
    }

    private Handle track(ScriptEngine engine, Runnable afterwards) {
        Handle known = awaiter.add(engine);
        Runnable end = () -> {
            recorder.around(engine::close);
            afterwards.run();
        };
        Handle last = closing.own(end::run);
        return () -> {
            end.run();
            last.close();
            known.close();
        };
    }

    /**
     * The version of this release.
     *
     * @return such as {@code 0.1.0}
     */
    public static String version() {
        String packaged = SpellRuntime.class.getPackage().getImplementationVersion();
        return packaged != null ? packaged : unpackagedVersion(); // a look for a file opens jar after jar
    }

    private static String unpackagedVersion() {
        try (InputStream in = SpellRuntime.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(Objects.requireNonNull(in, "version.properties"));
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends scripts, tells hooks and events of the end, drains the bus and closes all parts in reverse order. */
    @Override
    public void close() {
        if (closing.closeScripts()) {
            try {
                system.shutdown(services.events(), runtimeCaller(services.ids()));
            } catch (LlmSpellException failed) { // a hook that fails cannot keep the runtime open
                LoggerFactory.getLogger(SpellRuntime.class)
                        .warn("a hook at SystemShutdown failed: {}", LogText.masked(failed.getMessage()));
            } finally {
                closing.close();
            }
        }
    }
}
