package io.llmspell.events.journal;

import io.llmspell.core.event.EventPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which event types a journal keeps; answers are remembered until they become too many.
 *
 * <p><b>Threads:</b> safe.
 */
final class TypeChoice {
    private static final int MOST_TYPES = 4_096;

    private final List<EventPattern> wanted;
    private final List<EventPattern> unwanted;
    private final ConcurrentHashMap<String, Boolean> known = new ConcurrentHashMap<>();

    TypeChoice(JournalSettings settings) {
        this.wanted = compiled(settings.patterns());
        this.unwanted = compiled(settings.exclude());
    }

    private static List<EventPattern> compiled(List<String> texts) {
        List<EventPattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(EventPattern.compile(text));
        }
        return patterns;
    }

    boolean takes(String type) {
        Boolean answer = known.get(type);
        return answer != null ? answer : decide(type);
    }

    private boolean decide(String type) {
        boolean answer = any(wanted, type) && !any(unwanted, type);
        if (known.size() >= MOST_TYPES) {
            known.clear();
        }
        known.put(type, answer);
        return answer;
    }

    private static boolean any(List<EventPattern> patterns, String type) {
        for (EventPattern each : patterns) {
            if (each.matches(type)) {
                return true;
            }
        }
        return false;
    }
}
