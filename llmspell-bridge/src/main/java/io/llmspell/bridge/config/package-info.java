/**
 * Where the options of a runtime come from: {@code llmspell.toml}, the environment, and which of them wins.
 * Not here: what an option means, which each part reads for itself from its
 * {@link io.llmspell.core.config.ConfigSection}.
 * Start with {@link io.llmspell.bridge.config.Configuration}; {@link io.llmspell.bridge.config.RuntimeOptions} lists what
 * the runtime reads.
 */
@NullMarked
package io.llmspell.bridge.config;

import org.jspecify.annotations.NullMarked;
