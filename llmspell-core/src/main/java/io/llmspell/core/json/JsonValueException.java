package io.llmspell.core.json;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value is no JSON value, is too large or has the wrong type, or a JSON Schema is wrong; codes
 * {@code value_not_convertible}, {@code value_too_large}, {@code type_mismatch}, {@code json_error} and
 * {@code invalid_schema}.
 *
 * <p>The text names the path of the value, never the value itself. <b>Threads:</b> immutable.
 */
public final class JsonValueException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    private JsonValueException(ErrorCode code, String text, Map<String, Object> details, @Nullable Throwable cause) {
        super(code, text, details, cause);
    }

    /**
     * A value has no JSON counterpart.
     *
     * @param path where it is, such as {@code value.items[3]}
     * @param problem why it does not convert
     * @return the error, code {@code value_not_convertible}, details {@code path} and {@code problem}
     */
    public static JsonValueException notConvertible(String path, String problem) {
        return new JsonValueException(
                ErrorCode.VALUE_NOT_CONVERTIBLE,
                path + " cannot be converted: " + problem,
                Map.of("path", path, "problem", problem),
                null);
    }

    /**
     * A value is beyond a limit.
     *
     * @param path where the limit was passed
     * @param problem which limit, with its value
     * @param limit the name of the limit
     * @return the error, code {@code value_too_large}
     */
    public static JsonValueException tooLarge(String path, String problem, String limit) {
        return new JsonValueException(
                ErrorCode.VALUE_TOO_LARGE, path + " " + problem, Map.of("path", path, "limit", limit), null);
    }

    /**
     * A member has another type than wanted.
     *
     * @param member the member
     * @param wanted the type that would be right
     * @param found the value that was found
     * @return the error, code {@code type_mismatch}
     */
    public static JsonValueException mismatch(String member, String wanted, @Nullable Object found) {
        return new JsonValueException(
                ErrorCode.TYPE_MISMATCH,
                "\"" + member + "\" is " + typeName(found) + ", but must be " + wanted,
                Map.of("path", member),
                null);
    }

    /**
     * A text is not JSON.
     *
     * @param text what is wrong and where
     * @param cause the parser's error
     * @return the error, code {@code json_error}
     */
    public static JsonValueException syntax(String text, @Nullable Throwable cause) {
        return new JsonValueException(ErrorCode.JSON_ERROR, text, Map.of(), cause);
    }

    /**
     * A JSON Schema is not valid itself.
     *
     * @param path where in the schema, such as {@code $.properties.a.type}
     * @param problem what is wrong there and what would be right
     * @param cause the error below, if any
     * @return the error, code {@code invalid_schema}, details {@code path} and {@code problem}
     */
    public static JsonValueException invalidSchema(String path, String problem, @Nullable Throwable cause) {
        return new JsonValueException(
                ErrorCode.INVALID_SCHEMA,
                "the schema is wrong at " + path + ": " + problem,
                Map.of("path", path, "problem", problem),
                cause);
    }

    /**
     * The name of a value's JSON type, for messages.
     *
     * @param value a JSON value
     * @return such as {@code a text} or {@code absent}
     */
    public static String typeName(@Nullable Object value) {
        if (value == null) {
            return "absent";
        }
        if (value instanceof String) {
            return "a text";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        if (value instanceof Number) {
            return "a number";
        }
        if (value instanceof Map) {
            return "a map";
        }
        return value instanceof Iterable ? "an array" : "a " + value.getClass().getSimpleName();
    }
}
