package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.text.Nearest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads which of the built-in hooks of state run: {@code [state] hooks}. */
final class StateHooks {
    /** The option, which the settings of state leave to this class. */
    static final String OPTION = "hooks";

    /** It runs if it has rules, and costs nothing without; the others cost each operation something. */
    static final Set<String> DEFAULT = Set.of("state_validation");

    private static final List<String> ALL = List.of("state_validation", "state_audit", "state_metrics");

    private StateHooks() {}

    static Set<String> from(ConfigSection state) {
        Set<String> names = new LinkedHashSet<>(state.texts(OPTION, List.copyOf(DEFAULT)));
        for (String name : names) {
            if (!ALL.contains(name)) {
                String hint = Nearest.hint(name, ALL);
                throw state.wrong(
                        OPTION,
                        "a list of " + String.join(", ", ALL) + "; there is no built-in hook of state \"" + name + "\""
                                + (hint.isEmpty() ? "" : ", " + hint));
            }
        }
        return Set.copyOf(names);
    }
}
