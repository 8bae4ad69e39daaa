package io.llmspell.core.gate;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookPoint;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows an operation's input and output to hooks as JSON values, and takes their changes back.
 *
 * <p><b>Threads:</b> called on the operation's thread. Nothing here is called when a point has no hooks.
 *
 * @param <I> the type of the input, immutable
 * @param <O> the type of the output, immutable
 */
public interface View<I, O> {
    /**
     * The input as a JSON value.
     *
     * @param input the input
     * @return the value that hooks see as {@code operation.input}
     */
    @Nullable Object input(I input);

    /**
     * The output as a JSON value.
     *
     * @param output the output
     * @return the value that hooks see as {@code operation.output}
     */
    @Nullable Object output(O output);

    /**
     * The input for a peer that does the operation in place of this one. Owners whose {@link #input} hides something
     * from hooks override it; no hook sees it.
     *
     * @param input the input
     * @return the whole input as a JSON value
     */
    default @Nullable Object exactInput(I input) {
        return input(input);
    }

    /**
     * The output as it is kept to be given again. Owners whose {@link #output} hides something from hooks override it;
     * no hook sees it.
     *
     * @param output the output
     * @return the whole output as a JSON value
     */
    default @Nullable Object exactOutput(O output) {
        return output(output);
    }

    /**
     * The data of a point.
     *
     * @param point the point
     * @param input the present input
     * @param output the present output; null at points before the body, also where a hook has answered already
     * @return a JSON value
     */
    @Nullable Object data(HookPoint point, I input, @Nullable O output);

    /**
     * Takes data that a hook changed before the body.
     *
     * @param point the point
     * @param input the present input
     * @param data the changed data, checked
     * @return the new input
     * @throws io.llmspell.core.error.LlmSpellException if the data is no valid input; the hook has then failed
     */
    I modified(HookPoint point, I input, @Nullable Object data);

    /**
     * Takes an output that a hook gives by Replace.
     *
     * @param point the point
     * @param input the present input
     * @param value the value, checked
     * @return the output
     * @throws io.llmspell.core.error.LlmSpellException if the value is no valid output; the hook has then failed
     */
    O answer(HookPoint point, I input, @Nullable Object value);

    /**
     * Takes data that a hook changed after the body. Owners whose data is not the output itself override it.
     *
     * @param point the point
     * @param input the input
     * @param output the present output
     * @param data the changed data, checked
     * @return the new output
     * @throws io.llmspell.core.error.LlmSpellException if the data is no valid output; the hook has then failed
     */
    default O changed(HookPoint point, I input, O output, @Nullable Object data) {
        return answer(point, input, data);
    }

    /**
     * Adds what forks gave to an output. Owners whose output has a place for it override it.
     *
     * @param output the output
     * @param forks by the id of the fork its output or error, JSON values
     * @return the output with the member {@code forks}, or the same
     */
    default O forked(O output, Map<String, @Nullable Object> forks) {
        return output;
    }

    /**
     * Whether a point is passed this time. Owners with points that belong to a case override it: a timeout, or the
     * release of what was reserved.
     *
     * @param point the point
     * @param input the present input
     * @param error the present error, null without
     * @return false if its hooks are left out
     */
    default boolean passes(HookPoint point, I input, @Nullable LlmSpellException error) {
        return true;
    }

    /**
     * In which part of the operation an error arose, for the hooks on errors.
     *
     * @param input the input
     * @param error the error
     * @return a word such as {@code provider}, or null if the owner does not tell
     */
    default @Nullable String errorStage(I input, LlmSpellException error) {
        return null;
    }

    /**
     * Texts that hooks find in the metadata of the context.
     *
     * @param input the input
     * @return the texts
     */
    default Map<String, String> metadata(I input) {
        return Map.of();
    }

    /**
     * Takes what hooks left in the metadata, when the operation has ended well. Owners that make use of it override it;
     * what it throws is lost and logged.
     *
     * @param input the input that the operation ended with
     * @param metadata the texts, those of {@link #metadata} among them; to be read during the call
     */
    default void noted(I input, Map<String, String> metadata) {}
}
