package io.llmspell.bridge;

import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.script.ScriptEngineProvider;
import io.llmspell.core.script.ScriptOutput;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.time.TimeSource;
import io.llmspell.hooks.coordination.SelectiveHooksBuilder;
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
 * @param hooks what is registered before the start
 * @param engines makers of script engines, or empty to look for them on the class path; copied
 * @param output where scripts print, or null for the log
 * @param errorOutput where the standard error of scripts goes, or null for the log
 * @param options what is configured
 * @param time the clock, or null for that of the machine
 */
public record RuntimeConfig(
        @Nullable StorageFactory storage,
        List<ModelProvider> providers,
        EarlyHooks hooks,
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
     * @param hooks what is registered before the start
     * @param engines makers of script engines
     * @param output where scripts print, or null
     * @param errorOutput where the standard error of scripts goes, or null
     * @param options what is configured
     * @param time the clock, or null
     */
    public RuntimeConfig {
        providers = List.copyOf(providers);
        engines = List.copyOf(engines);
    }

    /**
     * Hooks that are there before anything starts.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param registrations register hooks; copied
     * @param features declare hooks that are switched by feature; copied
     */
    public record EarlyHooks(
            List<Consumer<HookRegistry>> registrations, List<Consumer<SelectiveHooksBuilder>> features) {
        /** No hooks. */
        public static final EarlyHooks NONE = new EarlyHooks(List.of(), List.of());

        /**
         * Copies the lists.
         *
         * @param registrations register hooks
         * @param features declare hooks that are switched by feature
         */
        public EarlyHooks {
            registrations = List.copyOf(registrations);
            features = List.copyOf(features);
        }

        boolean isEmpty() {
            return registrations.isEmpty() && features.isEmpty();
        }
    }
}
