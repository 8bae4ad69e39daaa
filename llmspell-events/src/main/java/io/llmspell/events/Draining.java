package io.llmspell.events;

import java.util.concurrent.CompletionStage;

/** A subscription that the threads of the bus serve, so that closing the bus can wait for it. */
interface Draining {
    /** Completes when nothing is left that the subscription can deliver now. */
    CompletionStage<Void> quiet();

    /** Whether its handler runs on the calling thread, which then must not wait for it. */
    boolean servedByThisThread();
}
