package io.llmspell.core.hook;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.text.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hook cannot be registered, failed or gave a wrong result; the codes of hooks.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class HookException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error.
     *
     * @param code the code
     * @param text what is wrong, where and what would be right
     * @param details machine-readable members, such as {@code hook} and {@code point}
     * @param cause the error below, if any
     */
    public HookException(
            ErrorCode code, String text, Map<String, ? extends @Nullable Object> details, @Nullable Throwable cause) {
        super(code, text, details, cause);
    }

    /**
     * No point has the name.
     *
     * @param name the name
     * @param nearest names that are close
     * @return the error, code {@code unknown_hook_point}
     */
    public static HookException unknownPoint(String name, List<String> nearest) {
        String hint = nearest.isEmpty() ? "" : ", did you mean " + String.join(" or ", nearest) + "?";
        String shown = name.length() <= 80 ? name : name.substring(0, 77) + "...";
        return new HookException(
                ErrorCode.UNKNOWN_HOOK_POINT,
                "no hook point is named \"" + shown + "\"" + hint + " (points of your own are custom:NAME)",
                Map.of("point", shown, "nearest", nearest),
                null);
    }

    /**
     * A result cannot act at the point.
     *
     * @param hook the hook's name
     * @param point the point
     * @param result what it gave back
     * @param allowed what would be right
     * @return the error, code {@code result_not_allowed}
     */
    public static HookException resultNotAllowed(String hook, HookPoint point, HookResultKind result, String allowed) {
        return new HookException(
                ErrorCode.RESULT_NOT_ALLOWED,
                "hook \"" + hook + "\" gave " + result.id() + " at " + point + ", which can honour only " + allowed,
                Map.of("hook", hook, "point", point.name(), "result", result.id()),
                null);
    }

    /**
     * No hook has the name.
     *
     * @param name the name
     * @param nearest names that are close
     * @return the error, code {@code hook_not_found}
     */
    public static HookException notFound(String name, List<String> nearest) {
        String hint = nearest.isEmpty() ? "" : ", did you mean " + String.join(" or ", nearest) + "?";
        return new HookException(
                ErrorCode.HOOK_NOT_FOUND,
                "no hook is named \"" + name + "\"" + hint,
                Map.of("hook", name, "nearest", nearest),
                null);
    }

    /**
     * No built-in hook has the name.
     *
     * @param name the name
     * @param known the names of all built-in hooks
     * @return the error, code {@code unknown_builtin}, with the nearest names
     */
    public static HookException unknownBuiltin(String name, Collection<String> known) {
        String shown = name.length() <= 80 ? name : name.substring(0, 77) + "...";
        List<String> nearest = Nearest.of(name, known);
        String hint = nearest.isEmpty() ? "; there are " + String.join(", ", known) : ", " + Nearest.hint(name, known);
        return new HookException(
                ErrorCode.UNKNOWN_BUILTIN,
                "no built-in hook is named \"" + shown + "\"" + hint,
                Map.of("name", shown, "nearest", nearest),
                null);
    }
}
