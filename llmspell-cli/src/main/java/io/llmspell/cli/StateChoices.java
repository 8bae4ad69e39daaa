package io.llmspell.cli;

import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.text.Glob;
import io.llmspell.state.StoredState;
import io.llmspell.state.StoredValue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which values a command shows. */
final class StateChoices {
    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "Only this scope, such as global or agent:planner; default: all.")
    private @Nullable String scope;

    @Option(names = "--match", paramLabel = "GLOB", description = "Only keys that fit, such as 'user_*'.")
    private String glob = "*";

    /** Reads what was chosen. */
    void each(StoredState state, Consumer<StoredValue> action) {
        state.each(scope == null ? null : Scope.parse(scope), value -> {
            if (Glob.matches(glob, value.key().key())) {
                action.accept(value);
            }
        });
    }

    /** Says early what is wrong. */
    StateChoices checked() {
        if (scope != null) {
            Scope.parse(scope);
        }
        return this;
    }

    static StateKey key(String scope, String key) {
        return StateKey.of(Scope.parse(scope), key);
    }
}
