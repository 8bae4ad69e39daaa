package io.llmspell.cli;

import io.llmspell.LlmSpell;
import io.llmspell.LlmSpellBuilder;
import io.llmspell.bridge.ScriptRunner;
import io.llmspell.bridge.config.Configuration;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.bridge.lua.LuaEngineProvider;
import io.llmspell.core.identity.Language;
import io.llmspell.core.script.ScriptExit;
import io.llmspell.core.script.ScriptOutput;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts a runtime for one script, and ends it on every way out, signals included. */
final class Session {
    private Session() {}

    /** Runs work with a runner of a language, or of the configured one if the script does not say its own. */
    static int run(RunOptions options, @Nullable Language language, Consumer<ScriptRunner> work) {
        try {
            Configuration configuration = options.data().configuration();
            RuntimeOptions configured = options.configured(configuration);
            LogProvider.apply(configured.runtime().logLevel(), options.data().debug());
            return run(open(options, configuration, configured), configured, language, work);
        } catch (ScriptExit exit) {
            return exit.status();
        } catch (RuntimeException failed) {
            return Failures.report(failed, options.data().debug(), System.err);
        }
    }

    private static int run(
            LlmSpell opened, RuntimeOptions configured, @Nullable Language language, Consumer<ScriptRunner> work) {
        try (LlmSpell spell = opened) {
            Runtime.getRuntime()
                    .addShutdownHook(
                            new ClosingThread(spell, configured.runtime().shutdownTimeout()));
            work.accept(language == null ? spell.scripts() : spell.scripts(language));
            return ExitCode.FINE;
        }
    }

    private static LlmSpell open(RunOptions options, Configuration configuration, RuntimeOptions configured) {
        Path folder = options.data().folder(configured);
        boolean absent = !Files.exists(folder);
        LlmSpellBuilder builder = LlmSpell.builder()
                .storage(store(folder, configured))
                .scriptEngine(new LuaEngineProvider())
                .scriptLimits(configured.limits())
                .scriptOutput(sink(System.out))
                .scriptErrorOutput(sink(System.err));
        LlmSpell spell = (configuration.isEmpty() ? builder : builder.config(configuration.root())).build();
        if (absent && configured.storage().persistent()) {
            System.err.println("llmspell: made a new store in " + folder);
        }
        return spell;
    }

    /** The store that is used by default is named here: to look for it as a service opens jar after jar. */
    private static StorageFactory store(Path folder, RuntimeOptions configured) {
        return configured.storage().isDefault()
                ? RocksDbStorage.at(folder).createIfMissing()
                : configured.storage().at(folder, true);
    }

    /** Each piece goes out at once: what a script has printed is out even if the process is killed. */
    private static ScriptOutput sink(PrintStream stream) {
        return text -> {
            byte[] bytes = text.toArray();
            stream.write(bytes, 0, bytes.length);
            stream.flush();
        };
    }
}
