/**
 * The house rules that can be read off the class files, for all modules at once.
 * Not here: what a module does, which its own tests show.
 * Start with {@code ArchitectureRules}; a planted fault for each rule stands in a package {@code archfixture}.
 */
@NullMarked
package io.llmspell.cli.architecture;

import org.jspecify.annotations.NullMarked;
