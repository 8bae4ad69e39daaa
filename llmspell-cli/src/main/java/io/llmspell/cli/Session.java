package io.llmspell.cli;

import io.llmspell.LlmSpell;
import io.llmspell.bridge.ScriptRunner;
import io.llmspell.bridge.lua.LuaEngineProvider;
import io.llmspell.core.script.ScriptExit;
import io.llmspell.core.script.ScriptOutput;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Starts a runtime for one script, and ends it on every way out, signals included. */
final class Session {
    private Session() {}

    static int run(RunOptions options, Consumer<ScriptRunner> work) {
        LogProvider.apply(options.debug());
        try (LlmSpell spell = open(options)) {
            Thread onSignal = new Thread(spell::close, "llmspell-shutdown");
            Runtime.getRuntime().addShutdownHook(onSignal);
            work.accept(spell.lua());
            return ExitCode.FINE;
        } catch (ScriptExit exit) {
            return exit.status();
        } catch (RuntimeException failed) {
            return Failures.report(failed, options.debug(), System.err);
        }
    }

    private static LlmSpell open(RunOptions options) {
        Path folder = options.dataFolder();
        boolean fresh = !Files.exists(folder);
        LlmSpell spell = LlmSpell.builder()
                .storage(RocksDbStorage.at(folder).createIfMissing())
                .scriptEngine(new LuaEngineProvider())
                .scriptLimits(options.limits())
                .scriptOutput(sink(System.out))
                .scriptErrorOutput(sink(System.err))
                .build();
        if (fresh) {
            System.err.println("llmspell: made a new store in " + folder);
        }
        return spell;
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
