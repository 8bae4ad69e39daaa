package io.llmspell.state;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides the class of a value that is about to be stored, and refuses those that would end up in clear. */
final class ClassRules {
    private final Redactor redactor;

    ClassRules(Redactor redactor) {
        this.redactor = redactor;
    }

    /** The class of a new value: the given one, or what its key implies. */
    StateClass of(StateKey key, @Nullable StateClass given, Principal principal) {
        boolean secret = redactor.secretName(key.key());
        StateClass chosen = given != null && !secret ? given : implied(key.key(), secret, principal);
        if (chosen == StateClass.SENSITIVE || chosen == StateClass.EXTERNAL) {
            throw inClear(key, chosen, secret);
        }
        if (chosen == StateClass.TRUSTED && !trusted(principal)) {
            throw new StateException(
                    ErrorCode.ACCESS_DENIED,
                    principal.text() + " may not store " + key + " with class trusted, which is for the host program;"
                            + " use class standard",
                    Map.of("principal", principal.text(), "class", chosen.id()),
                    null);
        }
        return chosen;
    }

    /** Whether hooks that only observe are left out, and nothing is told: only guards see such values. */
    static boolean unobserved(StateClass stateClass) {
        return stateClass == StateClass.EPHEMERAL || stateClass == StateClass.TRUSTED;
    }

    private static StateClass implied(String key, boolean secret, Principal principal) {
        if (secret) {
            return StateClass.SENSITIVE;
        }
        if (key.startsWith("temp:") || key.startsWith("cache:")) {
            return StateClass.EPHEMERAL;
        }
        if (key.startsWith("external:") || key.startsWith("user_input:")) {
            return StateClass.EXTERNAL;
        }
        boolean measured = key.startsWith("benchmark:") || key.startsWith("test:");
        return measured && trusted(principal) ? StateClass.TRUSTED : StateClass.STANDARD;
    }

    private static boolean trusted(Principal principal) {
        return principal instanceof Principal.Host || principal instanceof Principal.RuntimePart;
    }

    private static LlmSpellException inClear(StateKey key, StateClass chosen, boolean secret) {
        String why = secret ? " has the name of a secret, so it is of class sensitive" : " is of class " + chosen.id();
        return new ArgumentException(key + why + " and would be stored in clear: this release does not encrypt state"
                + " yet. Keep the secret outside and store a reference such as env:NAME, or, if it is no secret, use"
                + " another key or class standard");
    }
}
