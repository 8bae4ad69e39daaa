package io.llmspell.events.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorrelationTrackerTest {
    private static final CorrelationId RUN = new CorrelationId("run");

    private final ManualTime time = new ManualTime();

    private static CorrelationTracker fed(CorrelationTracker tracker, Story story) {
        story.events().forEach(tracker::track);
        return tracker;
    }

    private List<EventLink> links(Story story) {
        return fed(new CorrelationTracker(CorrelationSettings.DEFAULT, time), story)
                .links(RUN);
    }

    private static EventLink link(long from, long to, LinkKind kind, double strength) {
        return new EventLink(Story.id(from), Story.id(to), kind, strength);
    }

    @Test
    void track_eventWithACause_isLinkedToItFromLaterToEarlier() {
        Story story = new Story().add(0, "a", "x").add(1, "b", "y").add(2, "c", "x", "run", Story.id(1));

        assertThat(links(story))
                .containsExactly(link(2, 1, LinkKind.CONCURRENT_WITH, 0.8), link(3, 1, LinkKind.CAUSED_BY, 1));
    }

    @Test
    void track_endAndAnswer_areLinkedToTheirBeginning() {
        Story story = new Story()
                .add(0, "tool.started", "calc")
                .add(200, "model.request", "gpt")
                .add(30_000, "model.response", "proxy")
                .add(31_000, "tool.completed", "calc")
                .add(31_001, "tool.completed", "other");

        assertThat(links(story))
                .containsExactly(
                        link(2, 1, LinkKind.FOLLOWS_FROM, 0.8),
                        link(3, 2, LinkKind.RESPONSE_TO, 0.8),
                        link(4, 1, LinkKind.PART_OF, 0.8),
                        link(5, 4, LinkKind.CONCURRENT_WITH, 0.8));
    }

    @Test
    void track_bordersOfTime_decide() {
        Story near = new Story().add(0, "a", "x").add(100, "b", "y");
        Story far = new Story().add(0, "a", "x").add(101, "b", "y");
        Story late = new Story().add(0, "a", "x").add(5_000, "b", "x");
        Story apart = new Story().add(0, "a", "x").add(5_001, "b", "x");
        Story window = new Story().add(0, "a", "x").add(60_001, "b", "x", "run", Story.id(1));

        assertThat(links(near)).extracting(EventLink::kind).containsExactly(LinkKind.CONCURRENT_WITH);
        assertThat(links(far)).extracting(EventLink::kind).containsExactly(LinkKind.FOLLOWS_FROM);
        assertThat(links(late)).extracting(EventLink::kind).containsExactly(LinkKind.FOLLOWS_FROM);
        assertThat(links(apart)).isEmpty();
        assertThat(links(window)).isEmpty();
    }

    @Test
    void track_causeBeforeTheLastTen_isNotLookedFor() {
        Story story = new Story().add(0, "a", "x");
        for (int i = 1; i <= 10; i++) {
            story.add(10_000L * i, "b", "x");
        }
        story.add(50_000, "c", "x", "run", Story.id(1));

        assertThat(links(story)).noneMatch(each -> each.kind() == LinkKind.CAUSED_BY);
    }

    @Test
    void track_detectionOff_linksOnlyWhatIsTold() {
        CorrelationTracker tracker = new CorrelationTracker(
                CorrelationSettings.from(ConfigSection.of("c", Map.of("auto_link_detection", false))), time);
        fed(tracker, new Story().add(0, "a", "x").add(1, "b", "x"));
        EventLink told = link(2, 1, LinkKind.RELATED_TO, 0.3);

        assertThat(tracker.links(RUN)).isEmpty();
        assertThat(tracker.link(RUN, told)).isTrue();
        assertThat(tracker.link(RUN, link(2, 9, LinkKind.RELATED_TO, 1))).isFalse();
        assertThat(tracker.link(new CorrelationId("other"), told)).isFalse();
        assertThat(tracker.links(RUN)).containsExactly(told);
    }

    @Test
    void track_tooManyEvents_forgetsTheOldestAndTheirLinks() {
        CorrelationTracker tracker = new CorrelationTracker(
                new CorrelationSettings(3, Duration.ofHours(1), 10, true, Duration.ofSeconds(60)), time);
        Story story = new Story();
        for (int i = 0; i < 50; i++) {
            story.add(i, "a", "x");
        }
        fed(tracker, story);

        assertThat(tracker.events(RUN)).isEqualTo(story.events().subList(47, 50));
        assertThat(tracker.links(RUN)).hasSize(2);
        assertThat(tracker.stats()).isEqualTo(new CorrelationTracker.Stats(1, 3, 50, 0));
    }

    @Test
    void track_tooManyOrOldRuns_forgetsThoseWithoutNewEventsForLongest() {
        CorrelationTracker tracker = new CorrelationTracker(
                new CorrelationSettings(10, Duration.ofHours(1), 2, true, Duration.ofSeconds(60)), time);
        fed(tracker, new Story().add(0, "a", "x", "r1", null).add(0, "a", "x", "r2", null));
        fed(
                tracker,
                new Story()
                        .add(0, "a", "x", "r1", null)
                        .add(1, "b", "x", "r1", null)
                        .add(0, "a", "x", "r3", null));

        assertThat(tracker.events(new CorrelationId("r2"))).isEmpty();
        assertThat(tracker.events(new CorrelationId("r1"))).hasSize(2);
        assertThat(tracker.stats().runs()).isEqualTo(2);
        time.advance(Duration.ofMinutes(61));
        fed(tracker, new Story().add(0, "a", "x", "r4", null));
        assertThat(tracker.stats()).isEqualTo(new CorrelationTracker.Stats(1, 1, 5, 3));
    }

    @Test
    void track_sameEventTwice_isOne() {
        CorrelationTracker tracker = new CorrelationTracker(CorrelationSettings.DEFAULT, time);
        Story story = new Story().add(0, "a", "x");
        fed(tracker, story);
        fed(tracker, story);

        assertThat(tracker.events(RUN)).hasSize(1);
    }

    @Test
    void settingsAndLinks_wrong_areRefused() {
        assertThatThrownBy(() -> link(1, 1, LinkKind.CAUSED_BY, 1)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> link(1, 2, LinkKind.CAUSED_BY, 1.1)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> LinkKind.of("cause")).hasMessageContaining("caused_by, part_of");
        assertThatThrownBy(() -> CorrelationSettings.from(ConfigSection.of("c", Map.of("max_events", 1))))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> TimelineSettings.from(ConfigSection.of("t", Map.of("min_link_strength", 2))))
                .isInstanceOf(ConfigException.class);
    }
}
