/**
 * How parts of the runtime read their options, whatever they were written in: a file, the environment, a script.
 * Not here: files and precedence, which belong to the composition root.
 * Start with {@link io.llmspell.core.config.ConfigSection}.
 */
@NullMarked
package io.llmspell.core.config;

import org.jspecify.annotations.NullMarked;
