package io.llmspell.state;

import io.llmspell.core.identity.Principal;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.text.Glob;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides the class of a value that is about to be stored. The class decides who sees it, never whether a secret in it is
 * sealed: {@link Secrets} looks at every value.
 */
final class ClassRules {
    private final Redactor redactor;
    private final StateSettings settings;

    ClassRules(Redactor redactor, StateSettings settings) {
        this.redactor = redactor;
        this.settings = settings;
    }

    /** Whether somebody may store a value with the class that he gives, null for none. */
    static boolean may(@Nullable StateClass given, Principal principal) {
        return given != StateClass.TRUSTED || trusted(principal);
    }

    /** The class of a new value: the given one, which its writer {@link #may} give, or what its key implies. */
    StateClass of(StateKey key, @Nullable StateClass given, Principal principal) {
        if (given != null) {
            return given;
        }
        StateClass implied = implied(key.key());
        return implied == StateClass.TRUSTED && !trusted(principal) ? StateClass.STANDARD : implied;
    }

    /** Whether hooks that only observe are left out, and nothing is told: only guards see such values. */
    static boolean unobserved(StateClass stateClass) {
        return stateClass == StateClass.EPHEMERAL || stateClass == StateClass.TRUSTED;
    }

    private StateClass implied(String key) {
        for (Map.Entry<String, StateClass> pattern : settings.keyPatterns().entrySet()) {
            if (Glob.matches(pattern.getKey(), key)) {
                return pattern.getValue();
            }
        }
        return settings.autoInfer() ? inferred(key) : settings.defaultClass();
    }

    private StateClass inferred(String key) {
        if (redactor.secretName(key)) {
            return StateClass.SENSITIVE;
        }
        if (key.startsWith("temp:") || key.startsWith("cache:")) {
            return StateClass.EPHEMERAL;
        }
        if (key.startsWith("external:") || key.startsWith("user_input:")) {
            return StateClass.EXTERNAL;
        }
        boolean measured = key.startsWith("benchmark:") || key.startsWith("test:");
        return measured ? StateClass.TRUSTED : settings.defaultClass();
    }

    private static boolean trusted(Principal principal) {
        return principal instanceof Principal.Host || principal instanceof Principal.RuntimePart;
    }
}
