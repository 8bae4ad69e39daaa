package io.llmspell.events;

/** Hands an event to the handler that failed on it once more, on the thread of the handler. */
@FunctionalInterface
interface Redelivery {
    void run() throws Throwable;
}
