package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.state.ScopeKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the built-in hooks of state have in common: their points, and what the notes of an operation on state say. */
final class StatePoints {
    private static final Map<String, String> KINDS =
            Arrays.stream(ScopeKind.values()).collect(Collectors.toUnmodifiableMap(ScopeKind::id, ScopeKind::id));

    private StatePoints() {}

    /** Refuses points at which a hook of state has nothing to do. */
    static void check(ConfigSection options, List<HookPoint> wanted, List<HookPoint> possible) {
        if (!possible.containsAll(wanted)) {
            throw options.wrong("points", "none but " + String.join(", ", BuiltinPoints.names(possible)));
        }
    }

    /** One of the notes that the state manager leaves for hooks, such as the scope; empty if it is not there. */
    static String note(HookContext context, String name) {
        return context.metadata().getOrDefault(name, "");
    }

    /** The kind of the scope of this text. */
    static String kind(String scope) {
        int colon = scope.indexOf(':');
        String word = colon < 0 ? scope : scope.substring(0, colon);
        return KINDS.getOrDefault(word, ScopeKind.CUSTOM.id());
    }
}
