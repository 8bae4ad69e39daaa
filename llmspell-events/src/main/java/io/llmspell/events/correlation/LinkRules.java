package io.llmspell.events.correlation;

import io.llmspell.core.event.UniversalEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the link of a new event to one of the last events of its run: the first rule that fits one of them wins, and of
 * several events that fit the newest.
 *
 * <p><b>Threads:</b> safe.
 */
final class LinkRules {
    private static final int MOST_EVENTS = 10;
    private static final double GUESSED = 0.8;
    private static final Duration AT_ONCE = Duration.ofMillis(100);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Set<String> ENDS = Set.of("completed", "failed", "timeout", "cancelled", "stopped");
    private static final List<Rule> RULES = List.of(
            new Rule(LinkKind.CAUSED_BY, 1, LinkRules::causes),
            new Rule(LinkKind.PART_OF, GUESSED, LinkRules::begins),
            new Rule(LinkKind.RESPONSE_TO, GUESSED, LinkRules::asks),
            new Rule(LinkKind.CONCURRENT_WITH, GUESSED, LinkRules::elsewhereAtOnce),
            new Rule(LinkKind.FOLLOWS_FROM, GUESSED, (earlier, later) -> within(earlier, later, SOON)));

    private LinkRules() {}

    /**
     * One rule.
     *
     * @param kind what it finds
     * @param strength how sure it is
     * @param fits whether an earlier and a later event are so linked
     */
    private record Rule(LinkKind kind, double strength, BiPredicate<UniversalEvent, UniversalEvent> fits) {}

    /**
     * The link of an event.
     *
     * @param before the events of the run before it, the newest last
     * @param event the new event
     * @param window how far back links reach
     * @return the link, or null
     */
    static @Nullable EventLink find(List<UniversalEvent> before, UniversalEvent event, Duration window) {
        int first = Math.max(0, before.size() - MOST_EVENTS);
        for (Rule rule : RULES) {
            for (int i = before.size() - 1; i >= first; i--) {
                UniversalEvent earlier = before.get(i);
                if (within(earlier, event, window) && rule.fits.test(earlier, event)) {
                    return new EventLink(event.id(), earlier.id(), rule.kind, rule.strength);
                }
            }
        }
        return null;
    }

    private static boolean causes(UniversalEvent earlier, UniversalEvent later) {
        return earlier.id().toString().equals(later.causation());
    }

    private static boolean begins(UniversalEvent earlier, UniversalEvent later) {
        return earlier.source().id().equals(later.source().id())
                && last(earlier).equals("started")
                && ENDS.contains(last(later))
                && stem(earlier).equals(stem(later));
    }

    private static boolean asks(UniversalEvent earlier, UniversalEvent later) {
        return last(earlier).equals("request")
                && last(later).equals("response")
                && stem(earlier).equals(stem(later));
    }

    private static boolean elsewhereAtOnce(UniversalEvent earlier, UniversalEvent later) {
        return !earlier.source().id().equals(later.source().id()) && within(earlier, later, AT_ONCE);
    }

    /** Whether two events are no farther apart; the wall clock may have stepped between them in either direction. */
    private static boolean within(UniversalEvent earlier, UniversalEvent later, Duration most) {
        return Duration.between(earlier.timestamp(), later.timestamp()).abs().compareTo(most) <= 0;
    }

    private static String last(UniversalEvent event) {
        return event.type().substring(event.type().lastIndexOf('.') + 1);
    }

    private static String stem(UniversalEvent event) {
        return event.type().substring(0, Math.max(0, event.type().lastIndexOf('.')));
    }
}
