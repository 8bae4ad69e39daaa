package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names the kind of an error in the words in which people say what may be tried again.
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><th>kind</th><th>errors</th></tr>
 * <tr><td>{@code connection_error}</td><td>{@code tool_failed} or {@code provider_error} with details.kind
 *     {@code network}, {@code connection} or {@code io}</td></tr>
 * <tr><td>{@code timeout}</td><td>{@code timeout}; details.kind {@code timeout}; details.status 408, 504</td></tr>
 * <tr><td>{@code service_unavailable}</td><td>{@code store_unavailable}, {@code store_locked}, {@code store_full},
 *     {@code event_rejected}; details.status 502, 503</td></tr>
 * <tr><td>{@code rate_limited}</td><td>{@code rate_limited}; details.status 429</td></tr>
 * <tr><td>{@code internal_server_error}</td><td>{@code provider_error} and {@code tool_failed} with details.kind
 *     {@code external} or without a kind; details.status 500 to 599</td></tr>
 * <tr><td>the details.kind, else the code</td><td>everything else, such as {@code not_found} or
 *     {@code state_conflict}</td></tr>
 * </table>
 *
 * <p>{@code agent_failed}, {@code workflow_failed} and {@code step_failed} are of the kind of the error that they wrap.
 */
final class ErrorKinds {
    static final String CONNECTION = "connection_error";
    static final String TIMEOUT = "timeout";
    static final String UNAVAILABLE = "service_unavailable";
    static final String SERVER = "internal_server_error";
    static final String RATE_LIMITED = "rate_limited";

    private static final Set<ErrorCode> WRAPPERS =
            Set.of(ErrorCode.AGENT_FAILED, ErrorCode.WORKFLOW_FAILED, ErrorCode.STEP_FAILED);

    /** Decisions of hooks and callers: whoever made them does not want another run. */
    private static final Set<ErrorCode> DECIDED = Set.of(
            ErrorCode.OPERATION_CANCELLED,
            ErrorCode.CANCELLED,
            ErrorCode.HOOK_FAILED,
            ErrorCode.HOOK_UNAVAILABLE,
            ErrorCode.HOOK_TIMEOUT,
            ErrorCode.RETRY_EXHAUSTED,
            ErrorCode.RESULT_NOT_ALLOWED);

    private static final Map<ErrorCode, String> BY_CODE = Map.of(
            ErrorCode.TIMEOUT, TIMEOUT,
            ErrorCode.RATE_LIMITED, RATE_LIMITED,
            ErrorCode.STORE_UNAVAILABLE, UNAVAILABLE,
            ErrorCode.STORE_LOCKED, UNAVAILABLE,
            ErrorCode.STORE_FULL, UNAVAILABLE,
            ErrorCode.EVENT_REJECTED, UNAVAILABLE);

    private static final Map<String, String> BY_DETAIL = Map.of(
            "network", CONNECTION,
            "connection", CONNECTION,
            "io", CONNECTION,
            "timeout", TIMEOUT,
            "external", SERVER);

    private static final int DEEPEST = 16;

    private ErrorKinds() {}

    /** The error itself, or what the errors of agents and workflows wrap. */
    static LlmSpellException root(LlmSpellException error) {
        LlmSpellException root = error;
        for (int i = 0; i < DEEPEST && WRAPPERS.contains(root.code()); i++) {
            if (!(root.getCause() instanceof LlmSpellException inner)) {
                return root;
            }
            root = inner;
        }
        return root;
    }

    /** Whether the error is the decision of a hook, a guard or the caller. */
    static boolean decided(LlmSpellException root) {
        return DECIDED.contains(root.code());
    }

    /** Whether the error says that a circuit breaker refused the work. */
    static boolean breakerOpen(LlmSpellException root) {
        Object breaker = root.details().get("breaker");
        return breaker instanceof String state && !state.equals("closed");
    }

    static String of(LlmSpellException root) {
        String byCode = BY_CODE.get(root.code());
        if (byCode != null) {
            return byCode;
        }
        if (root.details().get("status") instanceof Number status) {
            String byStatus = ofStatus(status.intValue());
            if (byStatus != null) {
                return byStatus;
            }
        }
        if (root.details().get("kind") instanceof String kind) {
            return BY_DETAIL.getOrDefault(kind, kind);
        }
        boolean server =
                root.code().equals(ErrorCode.PROVIDER_ERROR) || root.code().equals(ErrorCode.TOOL_FAILED);
        return server ? SERVER : root.code().id();
    }

    private static @Nullable String ofStatus(int status) {
        return switch (status) {
            case 408, 504 -> TIMEOUT;
            case 429 -> RATE_LIMITED;
            case 502, 503 -> UNAVAILABLE;
            default -> status >= 500 && status <= 599 ? SERVER : null;
        };
    }

    /** What {@code retry_after_ms}, {@code retry_after_seconds} or {@code retry_after} (seconds) of the details say. */
    static @Nullable Duration retryAfter(LlmSpellException root) {
        Map<String, @Nullable Object> details = root.details();
        Duration millis = duration(details.get("retry_after_ms"), 6);
        if (millis != null) {
            return millis;
        }
        Duration seconds = duration(details.get("retry_after_seconds"), 9);
        return seconds != null ? seconds : duration(details.get("retry_after"), 9);
    }

    /** A number, or a text that is one, as HTTP headers have it; shifted to nanoseconds. */
    private static @Nullable Duration duration(@Nullable Object value, int shift) {
        if (!(value instanceof Number) && !(value instanceof String)) {
            return null;
        }
        try {
            BigDecimal nanos = new BigDecimal(value.toString().strip()).movePointRight(shift);
            boolean fits = nanos.signum() >= 0 && nanos.precision() - nanos.scale() <= 18;
            return fits ? Duration.ofNanos(nanos.longValue()) : null;
        } catch (NumberFormatException date) {
            return null; // the other form of Retry-After, a date, needs a clock that both sides share
        }
    }
}
