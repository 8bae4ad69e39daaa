package io.llmspell.core.error;

import java.util.Map;

/**
 * The configuration is wrong: an option is unknown or has a bad value ({@code invalid_config}), or a part that was
 * asked for is not on the class path ({@code missing_artifact}).
 *
 * <p><b>Threads:</b> immutable.
 */
public final class ConfigException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an error for an option.
     *
     * @param option the option, with its section
     * @param text what is wrong and what would be right
     */
    public ConfigException(String option, String text) {
        super(ErrorCode.INVALID_CONFIG, option + ": " + text, Map.of("option", option), null);
    }

    private ConfigException(ErrorCode code, String text, Map<String, Object> details) {
        super(code, text, details, null);
    }

    /**
     * Makes an error for a part that is not on the class path.
     *
     * @param what what was asked for
     * @param artifact the Maven artifact to add, such as {@code io.llmspell:llmspell-bridge-lua}
     * @return the error, code {@code missing_artifact}
     */
    public static ConfigException missingArtifact(String what, String artifact) {
        return new ConfigException(
                ErrorCode.MISSING_ARTIFACT,
                what + " is not on the class path; add the artifact " + artifact,
                Map.of("artifact", artifact));
    }
}
