package io.llmspell.events;

/** Hands an event to the handler that failed on it once more, on the thread of the handler. */
@FunctionalInterface
interface Redelivery {
    /** False if nobody wants the event any longer. */
    boolean run() throws Throwable;
}
