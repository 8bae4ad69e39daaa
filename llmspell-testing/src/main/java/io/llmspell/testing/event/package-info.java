/**
 * Tests with events: the contract of buses, and a bus that only records.
 * Not here: the bus itself ({@code llmspell-events}).
 * Start with {@link io.llmspell.testing.event.EventBusContract}.
 */
@NullMarked
package io.llmspell.testing.event;

import org.jspecify.annotations.NullMarked;
