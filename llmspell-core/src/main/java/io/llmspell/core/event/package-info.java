/**
 * Events: what happened, who hears of it, and the bus between them.
 * Not here: the bus itself and its journal ({@code llmspell-events}).
 * Start with {@link io.llmspell.core.event.EventBus} and {@link io.llmspell.core.event.UniversalEvent}.
 */
@NullMarked
package io.llmspell.core.event;

import org.jspecify.annotations.NullMarked;
