/**
 * The command line runner: its commands, exit codes and messages.
 * Not here: anything that an embedder would need, for this package is public in {@code Main} alone.
 * Start with {@code Main}.
 */
@NullMarked
package io.llmspell.cli;

import org.jspecify.annotations.NullMarked;
