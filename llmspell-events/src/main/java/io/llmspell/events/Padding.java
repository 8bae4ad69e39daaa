package io.llmspell.events;

/**
 * Keeps the fields of a subclass off the cache line of whatever lies before it in memory: fields that one thread writes
 * all the time slow down every thread that reads its neighbours.
 */
abstract class Padding {
    @SuppressWarnings("unused") // only their place counts
    private long p0, p1, p2, p3, p4, p5, p6, p7;
}
