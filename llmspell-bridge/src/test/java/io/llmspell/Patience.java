package io.llmspell;

import io.llmspell.core.config.ConfigSection;
import java.util.Map;

/** Time for hooks whose deadline is not what a test is about, so that none is cut because the machine is busy. */
public final class Patience {
    /** How long a hook may take, as the configuration says it. */
    public static final String LONG = "20s";

    /** A configuration that says nothing else. */
    public static final ConfigSection CONFIG = ConfigSection.of("", Map.of("hooks", Map.of("deadline", LONG)));

    private Patience() {}
}
