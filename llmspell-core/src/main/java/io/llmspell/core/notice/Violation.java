package io.llmspell.core.notice;

/**
 * A security rule that was broken.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param rule the rule, such as {@code tool_level}
 * @param eventKind the kind of event, such as {@code permission_denied} or {@code unauthorized_operation}
 * @param severity {@code info}, {@code low}, {@code medium}, {@code high} or {@code critical}
 * @param target what was to be used
 * @param blocked whether the operation was stopped
 */
public record Violation(String rule, String eventKind, String severity, String target, boolean blocked) {
    /**
     * Somebody asked for what it may not use, and was refused.
     *
     * @param rule the rule
     * @param target what was to be used
     * @return a violation of severity {@code medium}
     */
    public static Violation denied(String rule, String target) {
        return new Violation(rule, "permission_denied", "medium", target, true);
    }
}
