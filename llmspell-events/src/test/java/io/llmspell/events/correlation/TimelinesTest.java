package io.llmspell.events.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TimelinesTest {
    private static final Story STORY = new Story()
            .add(0, "run.started", "main")
            .add(500, "tool.started", "calc")
            .add(550, "state.changed", "state")
            .add(900, "tool.completed", "calc")
            .add(2_000, "run.completed", "main")
            .add(0, "lonely", "other", "run-2", null);

    private final Timelines timelines =
            new Timelines(TimelineSettings.DEFAULT, CorrelationSettings.DEFAULT, new ManualTime(), Redactor.create());

    private List<String> types(Consumer<TimelineQuery.Builder> query) {
        return timelines.of(STORY.events(), TimelineQuery.of(query)).entries().stream()
                .map(entry -> entry.event().type())
                .toList();
    }

    @Test
    void timeline_run_hasCausesDepthsChainsAndFigures() {
        Timeline timeline = timelines.of(STORY.events().subList(0, 5), TimelineQuery.all());

        assertThat(timeline.entries()).extracting(Timeline.Entry::depth).containsExactly(0, 1, 0, 2, 1);
        assertThat(timeline.entries().get(1).concurrent()).containsExactly(Story.id(3));
        assertThat(timeline.entries().get(1).effects()).containsExactly(Story.id(4));
        assertThat(timeline.entries().get(3).relativeTime()).isEqualTo(Duration.ofMillis(900));
        assertThat(timeline.causalChains())
                .containsExactly(List.of(Story.id(1), Story.id(2), Story.id(4)), List.of(Story.id(1), Story.id(5)));
        assertThat(timeline.stats())
                .isEqualTo(new Timeline.Stats(
                        5,
                        0,
                        1,
                        3,
                        Duration.ofSeconds(2),
                        2,
                        Map.of(LinkKind.FOLLOWS_FROM, 1, LinkKind.PART_OF, 2, LinkKind.CONCURRENT_WITH, 1)));
    }

    @Test
    void query_conditions_chooseEntries() {
        assertThat(types(query -> query.correlationIds(Set.of("run-2")))).containsExactly("lonely");
        assertThat(types(query -> query.eventTypes(List.of("*.started"))))
                .containsExactly("run.started", "tool.started");
        assertThat(types(query -> query.components(Set.of("calc")))).hasSize(2);
        assertThat(types(query -> query.languages(Set.of(Language.LUA)))).hasSize(3);
        assertThat(types(query -> query.tags(Set.of("t0", "x")))).hasSize(3);
        assertThat(types(query -> query.timeRange(Story.BEGIN.plusMillis(500), Story.BEGIN.plusMillis(900))))
                .containsExactly("tool.started", "state.changed");
        assertThat(types(query -> query.causalityDepth(2, 9))).containsExactly("tool.completed");
        assertThat(types(query -> query.relationships(Set.of(LinkKind.PART_OF))))
                .containsExactly("tool.completed", "run.completed");
        assertThat(types(query -> query.rootCausesOnly(true)))
                .containsExactly("run.started", "lonely", "state.changed");
        assertThat(types(query -> query.leafEffectsOnly(true).eventsPerRun(2, 9)))
                .containsExactly("state.changed", "tool.completed", "run.completed");
        assertThat(types(query -> query.eventsPerRun(0, 1))).containsExactly("lonely");
        assertThat(types(query -> query.limit(2))).containsExactly("run.started", "lonely");
    }

    @Test
    void query_sortOrders_order() {
        Consumer<TimelineQuery.Builder> one = query -> query.correlationIds(Set.of("run"));
        assertThat(types(one.andThen(query -> query.sortOrder(TimelineQuery.SortOrder.of("chronological_desc")))))
                .startsWith("run.completed");
        assertThat(types(one.andThen(query -> query.sortOrder(TimelineQuery.SortOrder.of("causality_depth_desc")))))
                .startsWith("tool.completed");
        assertThat(types(one.andThen(query -> query.sortOrder(TimelineQuery.SortOrder.of("causality_depth_asc")))))
                .startsWith("run.started", "state.changed");
        assertThat(types(query -> query.sortOrder(TimelineQuery.SortOrder.of("sequence"))))
                .endsWith("lonely");
        assertThat(types(query -> query.sortOrder(TimelineQuery.SortOrder.of("correlation_id"))))
                .endsWith("lonely");
        assertThatThrownBy(() -> TimelineQuery.SortOrder.of("time")).hasMessageContaining("chronological_asc");
        assertThatThrownBy(() -> types(query -> query.eventTypes(List.of("[")))).isInstanceOf(EventException.class);
    }

    @Test
    void timeline_weakLinks_countOnlyIfWanted() {
        CorrelationTracker tracker = new CorrelationTracker(
                new CorrelationSettings(10, Duration.ofHours(1), 10, false, Duration.ZERO), new ManualTime());
        new Story().add(0, "a", "x").add(1, "b", "x").events().forEach(tracker::track);
        CorrelationId run = new CorrelationId("run");
        tracker.link(run, new EventLink(Story.id(2), Story.id(1), LinkKind.CAUSED_BY, 0.4));
        Timelines all = new Timelines(
                new TimelineSettings(10, Duration.ZERO, true, 0.5, 100),
                CorrelationSettings.DEFAULT,
                new ManualTime(),
                Redactor.create());

        assertThat(timelines
                        .of(tracker, Set.of(run), TimelineQuery.all())
                        .stats()
                        .maxDepth())
                .isZero();
        assertThat(all.of(tracker, Set.of(run), TimelineQuery.all()).stats().maxDepth())
                .isEqualTo(1);
    }

    @Test
    void timeline_longStory_staysInBounds() {
        Timelines small = new Timelines(
                new TimelineSettings(50, Duration.ofMillis(100), false, 0.5, 7),
                CorrelationSettings.DEFAULT,
                new ManualTime(),
                Redactor.create());
        Story story = new Story();
        for (int i = 0; i < 80; i++) {
            story.add(i * 1_000L, "a", "x");
        }
        Timeline timeline = small.of(story.events(), TimelineQuery.all());

        assertThat(timeline.entries()).hasSize(50);
        assertThat(timeline.stats().left()).isEqualTo(30);
        assertThat(timeline.stats().maxDepth()).isEqualTo(7);
        assertThat(timeline.causalChains())
                .singleElement()
                .satisfies(chain -> assertThat(chain).hasSize(8));
    }

    @Test
    void text_run_isIndentedByCause() {
        assertThat(timelines.text(timelines.of(STORY.events().subList(0, 5), TimelineQuery.all())))
                .isEqualTo("""
                        5 events, 1 run, 3 components, 2000.000 ms, longest chain of causes 2
                           +0.000 ms  run.started         system/main
                         +500.000 ms    tool.started      system/calc   follows_from
                         +550.000 ms  state.changed       system/state  concurrent_with
                         +900.000 ms      tool.completed  system/calc   part_of
                        +2000.000 ms    run.completed     system/main   part_of
                        """);
    }

    /** Whatever names and payloads hold, the page has one script of its own, reaches for nothing, and shows no secret. */
    @Test
    void html_hostileEvent_isHarmlessData() {
        String evil = "</script><script>alert(1)</script><!--";
        UniversalEvent calm = STORY.events().get(0);
        EventDraft draft = EventDraft.of(
                "x" + evil,
                JsonObject.of("a", evil, "password", "hunter22"),
                Component.named(ComponentType.TOOL, evil));
        List<UniversalEvent> events = new ArrayList<>(List.of(calm));
        events.add(UniversalEvent.of(draft, STORY.events().get(1).stamp()));
        String page = timelines.html(timelines.of(events, TimelineQuery.all()), "run <b>" + evil);

        assertThat(page).doesNotContain("alert(1)</script>", "<b>", "<!--", "hunter22", "http://\"", "src=", "href=");
        assertThat(page.split("<script", -1)).hasSize(3);
        assertThat(page).contains("default-src 'none'");
        Matcher data =
                Pattern.compile("id=\"data\">(.*?)</script>", Pattern.DOTALL).matcher(page);
        assertThat(data.find()).isTrue();
        Object parsed = JsonCodec.create().parse(data.group(1), JsonLimits.TOOL);
        assertThat(parsed).isInstanceOf(Map.class);
        assertThat(parsed.toString()).contains(evil, Redactor.MASK);
    }
}
