package io.llmspell.state;

import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;

/**
 * A change that lost against another writer.
 *
 * @param key the key
 * @param stateClass the class of the value that stands there
 * @param principal who lost
 * @param expected the version that was expected, 0 for absent
 * @param actual the version that stands there, 0 for absent
 */
record Clash(StateKey key, StateClass stateClass, Principal principal, long expected, long actual) {
    StateCommit.Conflict conflict() {
        return new StateCommit.Conflict(key, actual);
    }

    StateException error() {
        return conflict().error();
    }

    JsonObject data() {
        return JsonObject.of(
                "scope", key.scope().text(),
                "key", key.key(),
                "class", stateClass.id(),
                "principal", principal.text(),
                "expected", expected,
                "actual", actual);
    }
}
