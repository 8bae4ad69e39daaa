package io.llmspell.state;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.text.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says in plain words what does not fit. The words show what the schema wants, never the value, which may be secret. */
final class SchemaMessages {
    private static final Map<String, String> TYPES = Map.of(
            "string", "a text",
            "number", "a number",
            "integer", "a whole number",
            "boolean", "true or false",
            "array", "an array",
            "object", "an object",
            "null", "null");

    private SchemaMessages() {}

    static String of(Error error, JsonObject schema) {
        Object[] arguments = error.getArguments() == null ? new Object[0] : error.getArguments();
        String first = arguments.length == 0 ? "" : String.valueOf(arguments[0]);
        String plain = arguments.length == 0 ? null : plain(error.getKeyword(), first, arguments);
        if (plain != null) {
            return plain;
        }
        return switch (error.getKeyword()) {
            case "additionalProperties", "unevaluatedProperties" -> unknown(first, error, schema);
            case "uniqueItems" -> "must not have equal elements";
            case "not" -> "must not be what the schema excludes";
            default -> error.getMessage();
        };
    }

    private static @Nullable String plain(String keyword, String first, Object[] arguments) {
        return switch (keyword) {
            case "type" -> "must be " + types(String.valueOf(arguments[1])) + ", but is " + types(first);
            case "required" -> "must have the member \"" + first + "\"";
            case "enum" -> "must be one of " + first;
            case "const" -> "must be " + first;
            case "minimum" -> "must be at least " + first;
            case "maximum" -> "must be at most " + first;
            case "exclusiveMinimum" -> "must be greater than " + first;
            case "exclusiveMaximum" -> "must be less than " + first;
            case "multipleOf" -> "must be a multiple of " + first;
            case "minLength" -> "must have at least " + first + " characters";
            case "maxLength" -> "must have at most " + first + " characters";
            case "minItems" -> "must have at least " + first + " elements, but has " + arguments[1];
            case "maxItems" -> "must have at most " + first + " elements, but has " + arguments[1];
            case "minProperties" -> "must have at least " + first + " members";
            case "maxProperties" -> "must have at most " + first + " members";
            case "pattern" -> "must match the pattern " + first;
            case "dependentRequired" ->
                "must have the member \"" + first + "\", because it has \"" + arguments[1] + "\"";
            case "oneOf" ->
                first.equals("0")
                        ? "must fit one of the alternatives"
                        : "must fit exactly one of the alternatives, but fits " + first;
            default -> null;
        };
    }

    private static String types(String names) {
        StringBuilder words = new StringBuilder();
        for (String name : names.replace("[", "").replace("]", "").split(", ", -1)) {
            words.append(words.isEmpty() ? "" : " or ").append(TYPES.getOrDefault(name, name));
        }
        return words.toString();
    }

    private static String unknown(String name, Error error, JsonObject schema) {
        Set<String> known = declared(error.getEvaluationPath(), schema);
        List<String> near = Nearest.of(name, known);
        String hint = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
        String all = known.isEmpty() ? "" : "; known are " + String.join(", ", known);
        return "does not know the member \"" + name + "\"" + (hint.isEmpty() ? all : hint);
    }

    /** The members that the schema declares beside the keyword, empty if the way there leads through references. */
    private static Set<String> declared(NodePath path, JsonObject schema) {
        Object at = schema;
        for (int i = 0; i < path.getNameCount() - 1; i++) {
            Object step = path.getElement(i);
            if (at instanceof Map<?, ?> map) {
                at = map.get(step);
            } else if (at instanceof List<?> list && step instanceof Integer index && index < list.size()) {
                at = list.get(index);
            } else {
                return Set.of();
            }
        }
        Set<String> names = new TreeSet<>();
        if (at instanceof Map<?, ?> map && map.get("properties") instanceof Map<?, ?> properties) {
            properties.keySet().forEach(name -> names.add((String) name));
        }
        return names;
    }
}
