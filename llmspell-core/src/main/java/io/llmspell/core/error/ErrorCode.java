package io.llmspell.core.error;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The stable name of one error: a word in snake_case, the same in Java, in scripts and in machine-readable output.
 *
 * <p>A record and not an enum, because later modules add codes of their own. <b>Threads:</b> immutable.
 *
 * @param id the word, such as {@code invalid_key}
 * @param retryable whether the same call may succeed later without a change of its input
 */
public record ErrorCode(String id, boolean retryable) {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{1,63}");

    /** An argument is missing, of the wrong type or out of its range. */
    public static final ErrorCode INVALID_ARGUMENT = of("invalid_argument");
    /** The object is in a state that does not allow the call. */
    public static final ErrorCode INVALID_STATE = of("invalid_state");
    /** A configuration option is unknown or has a bad value. */
    public static final ErrorCode INVALID_CONFIG = of("invalid_config");
    /** A fault of LlmSpell itself. */
    public static final ErrorCode INTERNAL = of("internal");

    /** A grant that the caller would need is missing. */
    public static final ErrorCode PERMISSION_DENIED = of("permission_denied");
    /** The caller may not touch this scope. */
    public static final ErrorCode ACCESS_DENIED = of("access_denied");
    /** A hook vetoed the operation. */
    public static final ErrorCode OPERATION_CANCELLED = of("operation_cancelled");
    /** The operation was stopped by its cancellation token. */
    public static final ErrorCode CANCELLED = of("cancelled");
    /** A limit of size, count, depth or work was reached. */
    public static final ErrorCode LIMIT_EXCEEDED = of("limit_exceeded");
    /** The operation passed its deadline. */
    public static final ErrorCode TIMEOUT = retryable("timeout");
    /** What is needed is not there: a part of the runtime on the class path, or an artifact. */
    public static final ErrorCode MISSING_ARTIFACT = of("missing_artifact");

    /** A value has no counterpart on the other side of a boundary. */
    public static final ErrorCode VALUE_NOT_CONVERTIBLE = of("value_not_convertible");
    /** A value is larger, deeper or has more nodes than allowed. */
    public static final ErrorCode VALUE_TOO_LARGE = of("value_too_large");
    /** A value has another type than the operation needs. */
    public static final ErrorCode TYPE_MISMATCH = of("type_mismatch");
    /** A text is not JSON. */
    public static final ErrorCode JSON_ERROR = of("json_error");
    /** A JSON Schema is not valid itself. */
    public static final ErrorCode INVALID_SCHEMA = of("invalid_schema");

    /** No hook point has this name. */
    public static final ErrorCode UNKNOWN_HOOK_POINT = of("unknown_hook_point");
    /** A hook of this name exists at the point already. */
    public static final ErrorCode HOOK_EXISTS = of("hook_exists");
    /** No hook has this name. */
    public static final ErrorCode HOOK_NOT_FOUND = of("hook_not_found");
    /** No hook of this name is built in. */
    public static final ErrorCode UNKNOWN_BUILTIN = of("unknown_builtin");
    /** A hook that must not fail has failed. */
    public static final ErrorCode HOOK_FAILED = of("hook_failed");
    /** A hook that must run could not start. */
    public static final ErrorCode HOOK_UNAVAILABLE = retryable("hook_unavailable");
    /** A hook passed its deadline. */
    public static final ErrorCode HOOK_TIMEOUT = of("hook_timeout");
    /** What a hook gave back is no hook result. */
    public static final ErrorCode INVALID_HOOK_RESULT = of("invalid_hook_result");
    /** The hook point cannot honour this result. */
    public static final ErrorCode RESULT_NOT_ALLOWED = of("result_not_allowed");
    /** Redirects went round in a circle or too far. */
    public static final ErrorCode REDIRECT_LOOP = of("redirect_loop");
    /** All retries were used up. */
    public static final ErrorCode RETRY_EXHAUSTED = of("retry_exhausted");
    /** Things that need each other form a circle. */
    public static final ErrorCode DEPENDENCY_CYCLE = of("dependency_cycle");

    /** A hook context of another process has no valid signature of a known key. */
    public static final ErrorCode CONTEXT_UNSIGNED = of("context_unsigned");
    /** A hook context of another process is too old. */
    public static final ErrorCode CONTEXT_EXPIRED = of("context_expired");
    /** A hook context of another process was received before. */
    public static final ErrorCode CONTEXT_REPLAYED = of("context_replayed");
    /** A hook context of another process is larger than allowed. */
    public static final ErrorCode CONTEXT_TOO_LARGE = of("context_too_large");
    /** A hook context of another process is meant for somebody else, or stands on no allow-list. */
    public static final ErrorCode CONTEXT_REFUSED = of("context_refused");
    /** What another process sent is no hook context. */
    public static final ErrorCode INVALID_CONTEXT = of("invalid_context");
    /** Another process could not be reached or did not answer as it should. */
    public static final ErrorCode PEER_UNAVAILABLE = retryable("peer_unavailable");

    /** An event has a bad type, payload, tag or time to live. */
    public static final ErrorCode INVALID_EVENT = of("invalid_event");
    /** An event pattern is malformed. */
    public static final ErrorCode INVALID_PATTERN = of("invalid_pattern");
    /** At least one subscription or the bus refused the event. */
    public static final ErrorCode EVENT_REJECTED = retryable("event_rejected");
    /** No subscription has this id. */
    public static final ErrorCode UNKNOWN_SUBSCRIPTION = of("unknown_subscription");
    /** The bus is closed. */
    public static final ErrorCode BUS_CLOSED = of("bus_closed");

    /** A scope text is malformed. */
    public static final ErrorCode INVALID_SCOPE = of("invalid_scope");
    /** A state key is malformed. */
    public static final ErrorCode INVALID_KEY = of("invalid_key");
    /** A compare-and-set or a transaction lost against another writer. */
    public static final ErrorCode STATE_CONFLICT = retryable("state_conflict");

    /** No session has this id. */
    public static final ErrorCode SESSION_NOT_FOUND = of("session_not_found");
    /** The session has ended. */
    public static final ErrorCode SESSION_CLOSED = of("session_closed");

    /** There is no store at the path. */
    public static final ErrorCode STORE_NOT_FOUND = of("store_not_found");
    /** Another process holds the store. */
    public static final ErrorCode STORE_LOCKED = retryable("store_locked");
    /** The store cannot be written. */
    public static final ErrorCode STORE_READ_ONLY = of("store_read_only");
    /** The store is damaged. */
    public static final ErrorCode STORE_CORRUPT = of("store_corrupt");
    /** The store was written by a newer release. */
    public static final ErrorCode STORE_TOO_NEW = of("store_too_new");
    /** The store has no room left. */
    public static final ErrorCode STORE_FULL = retryable("store_full");
    /** The store is closed. */
    public static final ErrorCode STORE_CLOSED = of("store_closed");
    /** The store cannot work at present. */
    public static final ErrorCode STORE_UNAVAILABLE = retryable("store_unavailable");
    /** The store lacks a capability. */
    public static final ErrorCode STORE_UNSUPPORTED = of("store_unsupported");
    /** The store is encrypted and no key was given. */
    public static final ErrorCode STORE_KEY_MISSING = of("store_key_missing");
    /** The store is encrypted with another key. */
    public static final ErrorCode STORE_KEY_WRONG = of("store_key_wrong");

    /** No tool has this name. */
    public static final ErrorCode TOOL_NOT_FOUND = of("tool_not_found");
    /** A tool of this name exists already. */
    public static final ErrorCode TOOL_EXISTS = of("tool_exists");
    /** A tool ran and failed. */
    public static final ErrorCode TOOL_FAILED = of("tool_failed");
    /** Arguments do not fit their schema. */
    public static final ErrorCode VALIDATION_FAILED = of("validation_failed");

    /** No agent has this name. */
    public static final ErrorCode AGENT_NOT_FOUND = of("agent_not_found");
    /** An agent of this name exists already. */
    public static final ErrorCode AGENT_EXISTS = of("agent_exists");
    /** An agent run failed. */
    public static final ErrorCode AGENT_FAILED = of("agent_failed");
    /** The state machine of the agent has no such transition. */
    public static final ErrorCode INVALID_TRANSITION = of("invalid_transition");
    /** A model provider failed. */
    public static final ErrorCode PROVIDER_ERROR = retryable("provider_error");
    /** A model provider is unknown or lacks its settings. */
    public static final ErrorCode PROVIDER_NOT_CONFIGURED = of("provider_not_configured");
    /** A provider or tool asked to slow down. */
    public static final ErrorCode RATE_LIMITED = retryable("rate_limited");

    /** No workflow has this name or id. */
    public static final ErrorCode WORKFLOW_NOT_FOUND = of("workflow_not_found");
    /** A workflow definition is malformed. */
    public static final ErrorCode INVALID_WORKFLOW = of("invalid_workflow");
    /** A workflow run failed. */
    public static final ErrorCode WORKFLOW_FAILED = of("workflow_failed");
    /** A workflow step failed. */
    public static final ErrorCode STEP_FAILED = of("step_failed");

    /** A script does not parse. */
    public static final ErrorCode SYNTAX_ERROR = of("syntax_error");
    /** A script raised an error. */
    public static final ErrorCode SCRIPT_ERROR = of("script_error");
    /** A method was called in the wrong way. */
    public static final ErrorCode WRONG_CALL = of("wrong_call");
    /** The engine of a script or callback is closed. */
    public static final ErrorCode ENGINE_CLOSED = of("engine_closed");
    /** A path leaves the folders that were granted. */
    public static final ErrorCode PATH_DENIED = of("path_denied");

    /**
     * Checks the form of the word.
     *
     * @param id the word
     * @param retryable whether a repetition may help
     * @throws ArgumentException {@code invalid_argument} if {@code id} is not a snake_case word of 2 to 64 characters
     */
    public ErrorCode {
        Objects.requireNonNull(id, "id");
        if (!FORM.matcher(id).matches()) {
            throw new ArgumentException("error code", id, "a snake_case word of 2 to 64 characters");
        }
    }

    /**
     * Makes a code for an error that a repetition does not mend.
     *
     * @param id the word
     * @return the code
     */
    public static ErrorCode of(String id) {
        return new ErrorCode(id, false);
    }

    /**
     * Makes a code for an error that may go away by itself.
     *
     * @param id the word
     * @return the code
     */
    public static ErrorCode retryable(String id) {
        return new ErrorCode(id, true);
    }

    @Override
    public String toString() {
        return id;
    }
}
