package io.llmspell.bridge;

import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.script.ScriptEngineProvider;
import io.llmspell.core.script.ScriptOutput;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.time.TimeSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime is made of; null members stand for the defaults.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param storage where state and events are kept, or null for memory
 * @param providers model providers beside the offline one; copied
 * @param hooks register hooks before the start; copied
 * @param engines makers of script engines, or empty to look for them on the class path; copied
 * @param output where scripts print, or null for the log
 * @param errorOutput where the standard error of scripts goes, or null for the log
 * @param options what is configured
 * @param time the clock, or null for that of the machine
 */
public record RuntimeConfig(
        @Nullable StorageFactory storage,
        List<ModelProvider> providers,
        List<Consumer<HookRegistry>> hooks,
        List<ScriptEngineProvider> engines,
        @Nullable ScriptOutput output,
        @Nullable ScriptOutput errorOutput,
        RuntimeOptions options,
        @Nullable TimeSource time) {
    /**
     * Copies the lists.
     *
     * @param storage where state and events are kept, or null
     * @param providers model providers
     * @param hooks register hooks before the start
     * @param engines makers of script engines
     * @param output where scripts print, or null
     * @param errorOutput where the standard error of scripts goes, or null
     * @param options what is configured
     * @param time the clock, or null
     */
    public RuntimeConfig {
        providers = List.copyOf(providers);
        hooks = List.copyOf(hooks);
        engines = List.copyOf(engines);
    }
}
