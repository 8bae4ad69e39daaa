package io.llmspell.agents;

/** A place in a run where it may be stopped or halted without harm. */
@FunctionalInterface
interface SafePoint {
    /** Goes on when the run may go on; throws if it is cancelled. */
    void pass(String what);
}
