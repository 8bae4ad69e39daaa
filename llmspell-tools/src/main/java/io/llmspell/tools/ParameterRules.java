package io.llmspell.tools;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.CompiledSchema;
import io.llmspell.core.json.CompiledSchema.Violation;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.json.SchemaCompiler;
import io.llmspell.core.text.Nearest;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of one tool must be: its schema, its aliases, and no parameter that it does not declare.
 *
 * <p>Aliases stand in the schema as {@code "x-aliases": {"alias": "parameter"}}; draft 2020-12 takes the unknown
 * keyword for a remark. A schema that composes others ({@code allOf} and the like) is closed by
 * {@code unevaluatedProperties}, because its parameters cannot be listed from outside.
 */
final class ParameterRules {
    private static final String ALIASES = "x-aliases";
    private static final Set<String> COMPOSING =
            Set.of("allOf", "anyOf", "oneOf", "$ref", "$dynamicRef", "patternProperties", "dependentSchemas");
    private static final int SHOWN = 20;
    private static final int KEPT = 100;

    private final String tool;
    private final Set<String> declared;
    private final boolean listed;
    private final Map<String, String> aliases;
    private final CompiledSchema schema;

    private ParameterRules(
            String tool, Set<String> declared, boolean listed, Map<String, String> aliases, CompiledSchema schema) {
        this.tool = tool;
        this.declared = declared;
        this.listed = listed;
        this.aliases = aliases;
        this.schema = schema;
    }

    static ParameterRules of(ToolInfo info, SchemaCompiler compiler) {
        return with(info, compiled(info, compiler));
    }

    /** For tools whose schema is known to be sound: it is compiled with the first call, which keeps the start short. */
    static ParameterRules lazily(ToolInfo info, SchemaCompiler compiler) {
        return with(info, new LazySchema(() -> compiled(info, compiler)));
    }

    private static ParameterRules with(ToolInfo info, CompiledSchema compiled) {
        JsonObject schema = info.schema();
        if (!"object".equals(schema.get("type"))) {
            throw invalid(info, "its type must be \"object\"", null);
        }
        Set<String> declared =
                schema.get("properties") instanceof JsonObject properties ? Set.copyOf(properties.keySet()) : Set.of();
        return new ParameterRules(info.name(), declared, isListed(schema), aliases(info, declared), compiled);
    }

    private static boolean isListed(JsonObject schema) {
        boolean composed = COMPOSING.stream().anyMatch(schema::containsKey);
        Object more = schema.get("additionalProperties");
        return !composed && (more == null || Boolean.FALSE.equals(more));
    }

    /** Unknown parameters of a listed schema are told with the nearest name instead of by the schema. */
    private static JsonObject closed(JsonObject schema) {
        Map<String, @Nullable Object> open = new LinkedHashMap<>(schema);
        open.remove(ALIASES);
        if (isListed(schema)) {
            open.remove("additionalProperties");
        } else if (!open.containsKey("additionalProperties")) {
            open.putIfAbsent("unevaluatedProperties", false);
        }
        return JsonValues.object(open, JsonLimits.TOOL);
    }

    private static CompiledSchema compiled(ToolInfo info, SchemaCompiler compiler) {
        try {
            return compiler.compile(closed(info.schema()));
        } catch (LlmSpellException wrong) {
            throw invalid(info, wrong.text(), wrong);
        }
    }

    private static Map<String, String> aliases(ToolInfo info, Set<String> declared) {
        Object stated = info.schema().get(ALIASES);
        if (stated == null) {
            return Map.of();
        }
        Map<String, String> aliases = new LinkedHashMap<>();
        if (stated instanceof JsonObject pairs) {
            pairs.forEach((alias, target) -> aliases.put(alias, String.valueOf(target)));
        }
        boolean sound = stated instanceof JsonObject
                && aliases.entrySet().stream()
                        .allMatch(pair -> declared.contains(pair.getValue()) && !declared.contains(pair.getKey()));
        if (!sound) {
            throw invalid(info, ALIASES + " must map further names to names of its properties", null);
        }
        return aliases;
    }

    /** Gives the parameters under their own names, or refuses them with all violations at once. */
    JsonObject checked(JsonObject parameters) {
        List<Violation> violations = new ArrayList<>();
        JsonObject named = aliases.isEmpty() ? parameters : named(parameters, violations);
        if (listed) {
            unknown(named, violations);
        }
        violations.addAll(schema.validate(named));
        if (!violations.isEmpty()) {
            throw refused(violations);
        }
        return named;
    }

    private JsonObject named(JsonObject parameters, List<Violation> violations) {
        if (parameters.keySet().stream().noneMatch(aliases::containsKey)) {
            return parameters;
        }
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> member : parameters.entrySet()) {
            String name = aliases.getOrDefault(member.getKey(), member.getKey());
            if (named.containsKey(name)) {
                violations.add(new Violation("$." + name, "is given twice, by its name and by an alias; give one"));
            }
            named.put(name, member.getValue());
        }
        return JsonValues.object(named, JsonLimits.TOOL);
    }

    private void unknown(JsonObject parameters, List<Violation> violations) {
        for (String name : parameters.keySet()) {
            if (!declared.contains(name)) {
                String hint = Nearest.hint(name, declared);
                String known = declared.isEmpty() ? "there are none" : "there are " + names();
                violations.add(new Violation("$." + name, "is no parameter, " + (hint.isEmpty() ? known : hint)));
            }
        }
    }

    private String names() {
        return declared.stream().sorted().limit(SHOWN).collect(Collectors.joining(", "));
    }

    private ToolException refused(List<Violation> violations) {
        String text = violations.stream()
                .limit(SHOWN)
                .map(violation -> violation.path() + " " + violation.message())
                .collect(Collectors.joining("; "));
        int more = violations.size() - SHOWN;
        List<Map<String, String>> all = violations.stream()
                .limit(KEPT)
                .map(violation -> Map.of("path", violation.path(), "message", violation.message()))
                .toList();
        return new ToolException(
                ErrorCode.VALIDATION_FAILED,
                "parameters of tool \"" + tool + "\" are not valid: " + text
                        + (more > 0 ? "; and " + more + " more" : ""),
                Map.of("tool", tool, "violations", all),
                null);
    }

    private static ToolException invalid(ToolInfo info, String problem, @Nullable Throwable cause) {
        return new ToolException(
                ErrorCode.INVALID_SCHEMA,
                "the parameter schema of tool \"" + info.name() + "\" is not valid: " + problem,
                Map.of("tool", info.name()),
                cause);
    }
}
