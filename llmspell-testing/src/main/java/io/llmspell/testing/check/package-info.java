/**
 * Marks the checks that hold the promises of the house, so that a test can see that each has planted faults.
 * Not here: the checks themselves, which stand beside what they check, and their list, {@code docs/checks.md}.
 * Start with {@link io.llmspell.testing.check.Check}.
 */
@NullMarked
package io.llmspell.testing.check;

import org.jspecify.annotations.NullMarked;
