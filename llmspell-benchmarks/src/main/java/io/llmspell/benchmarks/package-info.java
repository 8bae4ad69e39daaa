/**
 * JMH benchmarks: one class for each question, with its baseline and its peers as methods of the same class.
 * Not here: tests, for a time never decides whether a build passes.
 * Start with the class named after your question; its comment gives the workload and the command.
 */
@NullMarked
package io.llmspell.benchmarks;

import org.jspecify.annotations.NullMarked;
