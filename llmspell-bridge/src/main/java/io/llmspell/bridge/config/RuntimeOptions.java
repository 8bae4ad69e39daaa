package io.llmspell.bridge.config;

import io.llmspell.agents.AgentPersistence;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.identity.Language;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.time.TimeSource;
import io.llmspell.events.EventSettings;
import io.llmspell.events.journal.JournalSettings;
import io.llmspell.hooks.HookSettings;
import io.llmspell.state.StateSettings;
import io.llmspell.tools.ToolSettings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All options that a runtime reads, checked before anything is started.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param runtime {@code [runtime]}
 * @param storage {@code [storage]}
 * @param state {@code [state]}: how values are classed and bounded
 * @param limits {@code [scripts.limits]}: how much a script may use
 * @param events {@code [events]}: how the bus is bounded, and what subscriptions get that do not say otherwise
 * @param journal {@code [events.journal]}: which events are kept, and for how long
 * @param timelines {@code [events.correlation]} and {@code [events.timeline]}: how events are linked and shown
 * @param hookSection {@code [hooks]} and what belongs to it
 * @param monitor {@code [monitor]}: what the runtime watches of itself
 * @param security {@code [security]} and {@code [audit]}
 * @param sessions {@code [sessions]}: what of a session outlives it
 * @param agents {@code [agents.persistence]}: when agents are saved by themselves
 * @param tools {@code [tools]}: what holds for all tools
 */
public record RuntimeOptions(
        General runtime,
        StorageOptions storage,
        StateSettings state,
        ScriptLimits limits,
        EventSettings events,
        JournalSettings journal,
        TimelineOptions timelines,
        HookSection hookSection,
        MonitorSettings monitor,
        SecurityOptions security,
        SessionSettings sessions,
        AgentPersistence agents,
        ToolSettings tools) {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeOptions.class);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration DEFAULT_SHUTDOWN = Duration.ofSeconds(10);

    /** How much of the log is shown. */
    public enum LogLevel {
        /** Everything. */
        TRACE,
        /** What helps to find faults. */
        DEBUG,
        /** What scripts and hooks log, and more important lines; the default. */
        INFO,
        /** What should not happen, but did no harm. */
        WARN,
        /** What failed. */
        ERROR
    }

    /**
     * Options of no part alone.
     *
     * @param dataFolder {@code data_dir}: where state is kept, or null if it is not said; relative to the working folder
     * @param engine {@code default_engine}: the language of scripts that do not say theirs; Lua by default
     * @param logLevel {@code log_level}: how much the runner logs
     * @param shutdownTimeout {@code shutdown_timeout}: how long the runner may take to close when it is interrupted; 10 s
     *     by default
     */
    public record General(@Nullable Path dataFolder, Language engine, LogLevel logLevel, Duration shutdownTimeout) {
        /**
         * Makes the options.
         *
         * @param dataFolder where state is kept, or null
         * @param engine the language of scripts that do not say theirs
         * @param logLevel how much the runner logs
         * @param shutdownTimeout how long the runner may take to close
         */
        public General {}
    }

    /**
     * Checks nothing more: {@link #from} has.
     *
     * @param runtime {@code [runtime]}
     * @param storage {@code [storage]}
     * @param state {@code [state]}
     * @param limits {@code [scripts.limits]}
     * @param events {@code [events]}
     * @param journal {@code [events.journal]}
     * @param timelines {@code [events.correlation]} and {@code [events.timeline]}
     * @param hookSection {@code [hooks]}
     * @param monitor {@code [monitor]}
     * @param security {@code [security]} and {@code [audit]}
     * @param sessions {@code [sessions]}
     * @param agents {@code [agents.persistence]}
     * @param tools {@code [tools]}
     */
    public RuntimeOptions {}

    /**
     * The options when nothing is configured.
     *
     * @param limits the limits of scripts
     * @return the defaults
     */
    public static RuntimeOptions ofDefaults(ScriptLimits limits) {
        return new RuntimeOptions(
                new General(null, Language.LUA, LogLevel.INFO, DEFAULT_SHUTDOWN),
                StorageOptions.DEFAULT,
                StateSettings.DEFAULT,
                limits,
                EventSettings.DEFAULT,
                JournalSettings.DEFAULT,
                TimelineOptions.NONE,
                HookSection.DEFAULT,
                MonitorSettings.DEFAULT,
                SecurityOptions.ofDefaults(),
                SessionSettings.DEFAULT,
                AgentPersistence.PRODUCTION,
                ToolSettings.DEFAULT);
    }

    /**
     * Reads all options.
     *
     * @param root the whole configuration, not yet read
     * @param limits the limits of scripts that are not configured
     * @return the options
     * @throws ConfigException {@code invalid_config} for the first unknown or wrong option
     */
    public static RuntimeOptions from(ConfigSection root, ScriptLimits limits) {
        ConfigSection events = root.section("events");
        JournalSettings journal = JournalSettings.from(events.section("journal")); // the bus knows no such section
        TimelineOptions timelines = TimelineOptions.from(events);
        RuntimeOptions options = new RuntimeOptions(
                general(root.section("runtime")),
                StorageOptions.from(root.section("storage")),
                StateSettings.from(root.section("state"), Set.of(StateHooks.OPTION)),
                scripts(root.section("scripts"), limits),
                EventSettings.from(events),
                journal,
                timelines,
                HookSection.from(() -> root.section("hooks"), StateHooks.from(root.section("state"))),
                MonitorSettings.from(root.section("monitor")),
                SecurityOptions.from(root),
                SessionSettings.from(root.section("sessions")),
                agents(root.section("agents")),
                ToolSettings.from(root.section("tools")));
        root.end();
        return options;
    }

    private static AgentPersistence agents(ConfigSection section) {
        AgentPersistence persistence = AgentPersistence.from(section.section("persistence"));
        section.end();
        return persistence;
    }

    private static General general(ConfigSection section) {
        String folder = section.optionalText("data_dir");
        General general = new General(
                folder == null ? null : path(section, folder),
                engine(section),
                section.choice("log_level", LogLevel.INFO),
                section.duration("shutdown_timeout", DEFAULT_SHUTDOWN, Duration.ZERO, DAY));
        section.end();
        return general;
    }

    private static Path path(ConfigSection section, String folder) {
        try {
            if (!folder.isBlank()) {
                return Path.of(folder);
            }
        } catch (InvalidPathException e) {
            // Refused below.
        }
        throw section.wrong("data_dir", "the path of a folder");
    }

    private static Language engine(ConfigSection section) {
        Language engine = Language.of(section.text("default_engine", Language.LUA.id()));
        if (engine != Language.LUA && engine != Language.JAVASCRIPT) {
            throw section.wrong("default_engine", "\"lua\" or \"javascript\"");
        }
        return engine;
    }

    private static ScriptLimits scripts(ConfigSection section, ScriptLimits base) {
        ConfigSection limits = section.section("limits");
        section.end();
        ScriptLimits read = new ScriptLimits(
                limits.duration("timeout", base.timeout(), Duration.ZERO, DAY),
                limits.integer("max_instructions", base.maxInstructions(), 0, Long.MAX_VALUE),
                limits.bytes("max_memory", base.maxMemoryBytes(), 0, Long.MAX_VALUE),
                (int) limits.integer("max_coroutines", base.maxCoroutines(), 1, 1_000));
        limits.end();
        return read;
    }

    /**
     * These options with other limits of scripts.
     *
     * @param most the limits
     * @return the changed options
     */
    public RuntimeOptions limits(ScriptLimits most) {
        return new RuntimeOptions(
                runtime,
                storage,
                state,
                most,
                events,
                journal,
                timelines,
                hookSection,
                monitor,
                security,
                sessions,
                agents,
                tools);
    }

    /**
     * These options, with each execution of a hook told as events or not.
     *
     * @param told whether it is
     * @return the changed options
     */
    public RuntimeOptions executionEvents(boolean told) {
        HookSection section =
                new HookSection(hookSection.settings(), hookSection.builtins(), hookSection.selective(), told);
        return new RuntimeOptions(
                runtime, storage, state, limits, events, journal, timelines, section, monitor, security, sessions,
                agents, tools);
    }

    /**
     * What hooks may cost, and what guards operations against them.
     *
     * @return {@code [hooks]}
     */
    public HookSettings hooks() {
        return hookSection.settings();
    }

    /**
     * The built-in hooks.
     *
     * @return {@code [hooks.NAME]}
     */
    public BuiltinOptions builtins() {
        return hookSection.builtins();
    }

    /**
     * What is masked in all that leaves the runtime.
     *
     * @return {@code [security]}
     */
    public Redactor redactor() {
        return security.redactor();
    }

    /**
     * Where state is kept.
     *
     * @return the configured folder, else {@code .llmspell} in the working folder
     */
    public Path dataFolder() {
        return runtime.dataFolder == null ? Path.of(".llmspell") : runtime.dataFolder;
    }

    /**
     * What opens the configured store for a program that names none itself; it is made if it is not there.
     *
     * @return what opens it, empty if no lasting store is configured
     * @throws ConfigException {@code missing_artifact} if the back end is not on the class path
     */
    public Optional<StorageFactory> store() {
        if (!storage.persistent() || (runtime.dataFolder == null && !storage.configured())) {
            return Optional.empty();
        }
        Path folder = dataFolder();
        StorageFactory factory = storage.at(folder, true);
        return Optional.of(new Announced(factory, folder));
    }

    /** Tells of a store that is made. */
    private record Announced(StorageFactory factory, Path folder) implements StorageFactory {
        @Override
        public StorageBackend open(Set<Space> spaces, TimeSource time) {
            if (!Files.exists(folder)) {
                LOG.info("making a new store in {}", folder);
            }
            return factory.open(spaces, time);
        }

        @Override
        public Optional<Set<Capability>> capabilities() {
            return factory.capabilities();
        }

        @Override
        public Optional<Path> location() {
            return factory.location();
        }
    }
}
