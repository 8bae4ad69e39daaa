package io.llmspell.core.identity;

import org.jspecify.annotations.Nullable;

/**
 * Whose rights a call uses.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface Principal {
    /**
     * The principal as one line for logs and audit records, such as {@code agent:planner}.
     *
     * @return the text
     */
    String text();

    /** The program that embeds LlmSpell, or the person at the command line. */
    record Host() implements Principal {
        @Override
        public String text() {
            return "host";
        }
    }

    /**
     * A part of the runtime that acts by itself.
     *
     * @param part its name
     */
    record RuntimePart(String part) implements Principal {
        @Override
        public String text() {
            return "runtime:" + part;
        }
    }

    /**
     * A top-level script.
     *
     * @param engine the id of its engine
     * @param script the script's name, if it has one
     */
    record Script(String engine, @Nullable String script) implements Principal {
        @Override
        public String text() {
            return script == null ? "script:" + engine : "script:" + script;
        }
    }

    /**
     * An agent, and what runs for it.
     *
     * @param id the agent's id
     */
    record Agent(String id) implements Principal {
        @Override
        public String text() {
            return "agent:" + id;
        }
    }

    /**
     * A workflow run.
     *
     * @param runId the run's id
     */
    record Workflow(String runId) implements Principal {
        @Override
        public String text() {
            return "workflow:" + runId;
        }
    }
}
