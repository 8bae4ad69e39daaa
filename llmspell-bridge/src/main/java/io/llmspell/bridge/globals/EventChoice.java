package io.llmspell.bridge.globals;

import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Language;
import io.llmspell.core.script.ScriptCallback;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which events a subscription of a script wants: one of its patterns, perhaps a language, perhaps a filter function. */
record EventChoice(
        List<EventPattern> patterns,
        @Nullable Language language,
        @Nullable ScriptCallback filter) {
    /** What the bus is asked for; several patterns are looked at here. */
    String wide() {
        return patterns.size() == 1 ? patterns.get(0).text() : "**";
    }

    /** The patterns as the script wrote them. */
    String text() {
        List<String> texts = patterns.stream().map(EventPattern::text).toList();
        return texts.size() == 1 ? texts.get(0) : texts.toString();
    }

    boolean matches(UniversalEvent event) {
        boolean spoken = language == null || Objects.equals(language, event.language());
        return spoken && patterns.stream().anyMatch(pattern -> pattern.matches(event.type()));
    }
}
