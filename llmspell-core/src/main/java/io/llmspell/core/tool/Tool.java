package io.llmspell.core.tool;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;

/**
 * Does one job for agents, scripts and workflows.
 *
 * <p><b>Threads:</b> called by several threads at once. A tool runs only through the {@link ToolExecutor}, which
 * checks its parameters against its schema first.
 */
public interface Tool {
    /**
     * What the tool is.
     *
     * @return the description, always the same
     */
    ToolInfo info();

    /**
     * How much one call may use.
     *
     * @param usual what tools of this runtime get unless they say something else
     * @return the limits of this tool, the usual ones by default
     */
    default ToolLimits limits(ToolLimits usual) {
        return usual;
    }

    /**
     * Does the job.
     *
     * @param parameters what the schema describes
     * @param run the present call
     * @return the result as an object; a member {@code text}, {@code operation} or {@code message} goes to the result
     *     envelope
     * @throws Exception any failure; {@link ToolException} for a coded one
     */
    JsonObject execute(JsonObject parameters, ToolRun run) throws Exception;

    /**
     * The present call of a tool.
     *
     * <p><b>Threads:</b> for the thread that runs the tool.
     */
    interface ToolRun {
        /**
         * On whose behalf; to be passed to every call that the tool makes.
         *
         * @return the caller inside the call
         */
        Caller caller();

        /**
         * The id of the call.
         *
         * @return a time-ordered UUID as text
         */
        String callId();

        /**
         * How much this call may use, after hooks have lowered it.
         *
         * @return the limits
         */
        ToolLimits limits();

        /**
         * Counts work that is about to be done; what an operation is, the tool decides.
         *
         * @param operations how many more, 0 or more
         * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} if the call would do more than its limit
         */
        void work(long operations);
    }
}
