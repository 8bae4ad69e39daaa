package io.llmspell.core.hook;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.Language;
import io.llmspell.core.state.StateReader;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The running operation as a hook sees it.
 *
 * <p>It is the live operation: costly members are made when they are asked for, and every call after the end of the
 * operation gives {@code invalid_state}; {@link #snapshot} stays valid. <b>Threads:</b> for the thread that runs the
 * hook.
 */
public interface HookContext {
    /**
     * Where the operation is.
     *
     * @return the point
     */
    HookPoint point();

    /**
     * What runs: the tool, agent, workflow or part of the runtime itself.
     *
     * @return the component
     */
    Component component();

    /**
     * On whose behalf the operation runs; to be passed to every call that the hook makes.
     *
     * @return the caller, one hook deeper than that of the operation
     */
    Caller caller();

    /**
     * The language in which the operation was asked for.
     *
     * @return the language
     */
    default Language language() {
        return caller().language();
    }

    /**
     * When the operation passed the first point that has hooks.
     *
     * @return the instant, by the wall clock
     */
    Instant timestamp();

    /**
     * The data of the point, as the catalogue of hook points says; changed by earlier hooks.
     *
     * @return a JSON value
     */
    @Nullable Object data();

    /**
     * The operation with its input, output and error.
     *
     * @return a view of the operation
     */
    OperationView operation();

    /**
     * Which run of the operation this is.
     *
     * @return 1 for the first
     */
    int attempt();

    /**
     * Whether the hooks of the component take more than their share of its time at present.
     *
     * @return true if a hook should do less
     */
    boolean performanceWarning();

    /**
     * Texts that travel with the operation; hooks leave notes for later hooks here.
     *
     * @return an unmodifiable view of the present texts
     */
    Map<String, String> metadata();

    /**
     * Leaves a text for later hooks of the same operation.
     *
     * @param key the name, at most 64 in all
     * @param value the text, at most 1 KiB
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} beyond that
     */
    void putMetadata(String key, String value);

    /**
     * State with the rights of the operation's principal; reading it here fires no observers.
     *
     * @return a reader
     */
    StateReader state();

    /**
     * Leaves an action that runs exactly once when the present attempt of the operation ends, on every way out. It has the
     * deadline of its hook, for itself: what takes longer is interrupted; that, like any failure, is told to the log alone.
     * What a child of a composite leaves after the operation has gone runs at once, without a deadline.
     *
     * @param action gets the operation as it ended; {@code runsAgain} says whether another attempt follows
     */
    void onEnd(Consumer<OperationView> action);

    /**
     * A copy that can be kept, stored, sent and replayed.
     *
     * @return the copy
     */
    HookSnapshot snapshot();
}
