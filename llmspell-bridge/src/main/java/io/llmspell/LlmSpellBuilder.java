package io.llmspell;

import io.llmspell.bridge.RuntimeConfig;
import io.llmspell.bridge.SpellRuntime;
import io.llmspell.bridge.config.Configuration;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.script.ScriptEngineProvider;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.script.ScriptOutput;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.time.TimeSource;
import io.llmspell.hooks.coordination.SelectiveHooksBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link LlmSpell}. Each option may be set once.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class LlmSpellBuilder {
    private final List<ModelProvider> providers = new ArrayList<>();
    private final List<Consumer<HookRegistry>> hooks = new ArrayList<>();
    private final List<Consumer<SelectiveHooksBuilder>> features = new ArrayList<>();
    private final List<ScriptEngineProvider> engines = new ArrayList<>();
    private @Nullable StorageFactory storage;
    private @Nullable ScriptOutput output;
    private @Nullable ScriptOutput errorOutput;
    private @Nullable ScriptLimits limits;
    private @Nullable TimeSource time;
    private @Nullable Boolean executionEvents;
    private @Nullable ConfigSection config;

    LlmSpellBuilder() {}

    /**
     * Reads {@code llmspell.toml}; the environment wins over the file, the other options of this builder over both.
     *
     * @param file the file
     * @return this builder
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if the file is missing or no TOML; what its
     *     options say is checked by {@link #build}
     * @throws ArgumentException {@code invalid_argument} if a configuration is set already
     */
    public LlmSpellBuilder config(Path file) {
        return config(Configuration.read(file).root());
    }

    /**
     * Sets the options of the whole configuration; the other options of this builder win over them.
     *
     * @param root the sections by name, not yet read
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if a configuration is set already
     */
    public LlmSpellBuilder config(ConfigSection root) {
        once("config", config);
        config = root;
        return this;
    }

    /**
     * Sets where state and events are kept.
     *
     * @param factory such as {@code RocksDbStorage.at(path).createIfMissing()}; default: as configured, else in memory
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is set already
     */
    public LlmSpellBuilder storage(StorageFactory factory) {
        once("storage", storage);
        storage = factory;
        return this;
    }

    /**
     * Adds a model provider; the offline provider is always there.
     *
     * @param provider the provider
     * @return this builder
     */
    public LlmSpellBuilder provider(ModelProvider provider) {
        providers.add(provider);
        return this;
    }

    /**
     * Registers hooks before anything starts, so that they see the start itself.
     *
     * @param registration registers hooks
     * @return this builder
     */
    public LlmSpellBuilder hooks(Consumer<HookRegistry> registration) {
        hooks.add(registration);
        return this;
    }

    /**
     * Declares hooks that are switched on and off by feature and made at their first use; they are there before anything
     * starts, as {@code [hooks.selective]} says, and {@link LlmSpell#selectiveHooks} switches them.
     *
     * @param declaration declares features and hooks; its settings win over the configuration
     * @return this builder
     */
    public LlmSpellBuilder selectiveHooks(Consumer<SelectiveHooksBuilder> declaration) {
        features.add(declaration);
        return this;
    }

    /**
     * Adds a script engine. If none is added, all that are on the class path are found and used; naming them spares the
     * search, which opens every jar.
     *
     * @param provider makes engines of one language
     * @return this builder
     */
    public LlmSpellBuilder scriptEngine(ScriptEngineProvider provider) {
        engines.add(provider);
        return this;
    }

    /**
     * Sets where {@code print} of scripts goes.
     *
     * @param sink takes the text; default: the log {@code llmspell.script.print}, line by line
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is set already
     */
    public LlmSpellBuilder scriptOutput(ScriptOutput sink) {
        once("scriptOutput", output);
        output = sink;
        return this;
    }

    /**
     * Sets where the standard error of scripts goes.
     *
     * @param sink takes the text; default: the log {@code llmspell.script.print}, line by line
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is set already
     */
    public LlmSpellBuilder scriptErrorOutput(ScriptOutput sink) {
        once("scriptErrorOutput", errorOutput);
        errorOutput = sink;
        return this;
    }

    /**
     * Sets how much a script may use.
     *
     * @param most the limits; default: as configured, else {@link ScriptLimits#DEFAULT}
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is set already
     */
    public LlmSpellBuilder scriptLimits(ScriptLimits most) {
        once("scriptLimits", limits);
        limits = most;
        return this;
    }

    /**
     * Sets whether each execution of a hook, and each chain of hooks at a point, is told as events; what runs because of
     * an event is left out.
     *
     * @param told whether it is; default: as configured, else not, and then it costs nothing
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is set already
     */
    public LlmSpellBuilder hookExecutionEvents(boolean told) {
        once("hookExecutionEvents", executionEvents);
        executionEvents = told;
        return this;
    }

    /**
     * Sets the clock.
     *
     * @param source the clock; default: that of the machine
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is set already
     */
    public LlmSpellBuilder time(TimeSource source) {
        once("time", time);
        time = source;
        return this;
    }

    /**
     * Starts everything.
     *
     * @return the running LlmSpell
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is unknown or wrong,
     *     {@code missing_artifact} if a part that is configured is not on the class path
     * @throws ArgumentException {@code invalid_argument} if features or their hooks are declared twice or not at all
     * @throws io.llmspell.core.storage.StorageException {@code store_…} if the store cannot be opened
     * @throws io.llmspell.core.gate.OperationCancelledException {@code operation_cancelled} if a hook at
     *     {@code SystemStartup} vetoed the start
     */
    public LlmSpell build() {
        RuntimeOptions options = options();
        StorageFactory store = storage == null ? options.store().orElse(null) : storage;
        return new LlmSpell(SpellRuntime.start(new RuntimeConfig(
                store,
                providers,
                new RuntimeConfig.EarlyHooks(hooks, features),
                engines,
                output,
                errorOutput,
                options,
                time)));
    }

    private RuntimeOptions options() {
        RuntimeOptions options = config == null
                ? RuntimeOptions.ofDefaults(ScriptLimits.DEFAULT)
                : RuntimeOptions.from(config, ScriptLimits.DEFAULT);
        RuntimeOptions limited = limits == null ? options : options.limits(limits);
        return executionEvents == null ? limited : limited.executionEvents(executionEvents);
    }

    private static void once(String option, @Nullable Object present) {
        if (present != null) {
            throw new ArgumentException("the option " + option + " of LlmSpell.builder() is set twice");
        }
    }
}
