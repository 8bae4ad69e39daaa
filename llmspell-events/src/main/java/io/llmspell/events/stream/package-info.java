/**
 * What is often done with a stream of events: batches, windows, rates, statistics, parallel work.
 * Not here: the streams themselves, which the bus gives ({@link io.llmspell.core.event.EventBus#stream}), and what a
 * {@code Flux} does alone, such as filter and map.
 * Start with {@link io.llmspell.events.stream.EventStreams}.
 */
@NullMarked
package io.llmspell.events.stream;

import org.jspecify.annotations.NullMarked;
