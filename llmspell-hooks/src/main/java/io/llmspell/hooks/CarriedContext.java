package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Carries what a program binds to its threads, such as the MDC of its log, to the threads on which hooks run.
 *
 * <p>It does so if {@code context-propagation} is on the class path, with the accessors that the program has registered
 * there; rights and correlation never travel this way, they are in the caller. Names no class of that library, so that it
 * works without. <b>Threads:</b> safe.
 */
final class CarriedContext {
    private static final String LIBRARY = "io.micrometer.context.ContextSnapshotFactory";

    private CarriedContext() {}

    /** Looked for at the first use, not at the start. */
    private static final class Library {
        static final boolean PRESENT = present();

        private static boolean present() {
            try {
                Class.forName(LIBRARY, false, CarriedContext.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException absent) {
                return false;
            }
        }
    }

    /**
     * Binds what a subscriber's context holds to this thread.
     *
     * @param context the context, null or empty if there is none
     * @return gives the thread back what it had
     */
    static Handle bind(@Nullable ContextView context) {
        return context == null || context.isEmpty() || !Library.PRESENT ? Handle.noop() : ThreadContext.bind(context);
    }

    /**
     * A task that runs with what is bound to this thread now.
     *
     * @param task the task
     * @return the same task if nothing can be carried
     */
    static Runnable over(Runnable task) {
        return Library.PRESENT ? ThreadContext.over(task) : task;
    }
}
