package io.llmspell.core.identity;

import java.util.Locale;

/**
 * The language in which a hook, event or call was written.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum Language {
    /** Java. */
    JAVA,
    /** Lua. */
    LUA,
    /** JavaScript. */
    JAVASCRIPT,
    /** Python. */
    PYTHON,
    /** Not known. */
    UNKNOWN;

    private final String id = name().toLowerCase(Locale.ROOT);

    /**
     * The name as scripts and records show it.
     *
     * @return the name in lower case
     */
    public String id() {
        return id;
    }

    /**
     * Reads a name back.
     *
     * @param id a name in any case
     * @return the language, {@link #UNKNOWN} for other names
     */
    public static Language of(String id) {
        for (Language language : values()) {
            if (language.id.equalsIgnoreCase(id)) {
                return language;
            }
        }
        return UNKNOWN;
    }
}
