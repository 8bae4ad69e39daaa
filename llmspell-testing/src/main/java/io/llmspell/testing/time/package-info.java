/**
 * A clock that tests move by hand.
 * Not here: the clock of the machine, which is {@code io.llmspell.core.time.SystemTimeSource}.
 * Start with {@link io.llmspell.testing.time.ManualTime}.
 */
@NullMarked
package io.llmspell.testing.time;

import org.jspecify.annotations.NullMarked;
