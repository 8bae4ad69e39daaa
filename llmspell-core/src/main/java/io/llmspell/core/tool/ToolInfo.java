package io.llmspell.core.tool;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Describes a tool.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name lower-case letters, digits, {@code _} and {@code -}, 1 to 64 characters
 * @param version its semantic version
 * @param category such as {@code utility}
 * @param description what it does, for people and models
 * @param schema the JSON Schema of its parameters, an object schema
 * @param level how much trust it needs
 * @param tags free words by which it is found, at most 32 of 1 to 64 characters; copied
 */
public record ToolInfo(
        String name,
        String version,
        String category,
        String description,
        JsonObject schema,
        SecurityLevel level,
        Set<String> tags) {
    private static final int MOST_TAGS = 32;
    private static final int LONGEST_TAG = 64;
    private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9_\\-]{0,63}");

    /**
     * Checks the name and the tags.
     *
     * @param name the name
     * @param version its version
     * @param category its category
     * @param description what it does
     * @param schema the schema of its parameters
     * @param level its level
     * @param tags its tags
     * @throws ArgumentException {@code invalid_argument} if the name or a tag is malformed
     */
    public ToolInfo {
        if (!FORM.matcher(name).matches()) {
            throw new ArgumentException("tool name", name, "1 to 64 letters, digits, _ and -, a letter first");
        }
        tags = Set.copyOf(tags);
        if (tags.size() > MOST_TAGS) {
            throw new ArgumentException("tags of tool " + name, tags.size() + " tags", "at most " + MOST_TAGS);
        }
        for (String tag : tags) {
            if (tag.isBlank() || tag.length() > LONGEST_TAG) {
                throw new ArgumentException("tag of tool " + name, tag, "1 to " + LONGEST_TAG + " characters");
            }
        }
    }

    /**
     * Describes a tool without tags.
     *
     * @param name the name
     * @param version its version
     * @param category its category
     * @param description what it does
     * @param schema the schema of its parameters
     * @param level its level
     * @throws ArgumentException {@code invalid_argument} if the name is malformed
     */
    public ToolInfo(
            String name, String version, String category, String description, JsonObject schema, SecurityLevel level) {
        this(name, version, category, description, schema, level, Set.of());
    }

    /**
     * The form of a name under which tools are looked up: {@code -} is {@code _}.
     *
     * @param name a name
     * @return its form for look-ups
     */
    public static String lookup(String name) {
        return name.replace('-', '_').toLowerCase(Locale.ROOT);
    }
}
