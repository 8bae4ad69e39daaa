package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import reactor.util.context.ContextView;

/** The one class that speaks to {@code context-propagation}; loaded only if that is there. Safe for threads. */
final class ThreadContext {
    private static final ContextSnapshotFactory SNAPSHOTS =
            ContextSnapshotFactory.builder().build();

    private ThreadContext() {}

    static Handle bind(ContextView context) {
        ContextSnapshot.Scope scope = SNAPSHOTS.setThreadLocalsFrom(context);
        return scope::close;
    }

    static Runnable over(Runnable task) {
        return SNAPSHOTS.captureAll().wrap(task);
    }
}
