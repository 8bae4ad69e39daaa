package io.llmspell.events.correlation;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.time.TimeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes timelines of events, and shows them as text, as JSON and as a page.
 *
 * <p><b>Threads:</b> safe.
 */
public final class Timelines {
    private final TimelineSettings settings;
    private final CorrelationSettings linking;
    private final TimeSource time;
    private final Redactor redactor;

    /**
     * A maker of timelines.
     *
     * @param settings how large they become, and what counts
     * @param linking how links are found in events that come without
     * @param time the clock
     * @param redactor masks secrets in what is shown
     */
    public Timelines(TimelineSettings settings, CorrelationSettings linking, TimeSource time, Redactor redactor) {
        this.settings = settings;
        this.linking = linking;
        this.time = time;
        this.redactor = redactor;
    }

    /**
     * A timeline of events, whose links are looked for.
     *
     * @param events events of one run or several, each run in the order in which it happened
     * @param query what is wanted of them
     * @return the timeline
     */
    public Timeline of(List<UniversalEvent> events, TimelineQuery query) {
        List<UniversalEvent> some = events.subList(0, Math.min(events.size(), settings.maxEvents()));
        CorrelationSettings all = new CorrelationSettings(
                settings.maxEvents(),
                linking.maxCorrelationAge(),
                Integer.MAX_VALUE,
                linking.autoLinkDetection(),
                linking.linkDetectionWindow());
        CorrelationTracker tracker = new CorrelationTracker(all, time);
        Set<CorrelationId> runs = new LinkedHashSet<>();
        for (UniversalEvent event : some) {
            tracker.track(event);
            runs.add(event.correlation());
        }
        return of(tracker, runs, query, events.size() - some.size());
    }

    /**
     * A timeline of what a tracker remembers of some runs.
     *
     * @param tracker has the events and their links
     * @param runs the runs
     * @param query what is wanted of them
     * @return the timeline
     */
    public Timeline of(CorrelationTracker tracker, Set<CorrelationId> runs, TimelineQuery query) {
        return of(tracker, runs, query, 0);
    }

    private Timeline of(CorrelationTracker tracker, Set<CorrelationId> runs, TimelineQuery query, int left) {
        Map<CorrelationId, List<UniversalEvent>> events = new LinkedHashMap<>();
        List<EventLink> links = new ArrayList<>();
        for (CorrelationId run : runs) {
            List<UniversalEvent> own = tracker.events(run);
            if (query.wantsRun(run.text(), own.size())) {
                events.put(run, own);
                links.addAll(tracker.links(run));
            }
        }
        return new TimelineBuilder(settings, events, links, left).build(query);
    }

    /**
     * A timeline as lines of text, one for each event, indented by the length of its chain of causes.
     *
     * @param timeline the timeline
     * @return the text, without secrets, each line with its end
     */
    public String text(Timeline timeline) {
        return TimelineText.render(timeline);
    }

    /**
     * A timeline as a page: one lane for each component, zoom, and the payload of an event on a click. The page holds
     * all that it needs and opens without a server.
     *
     * @param timeline the timeline
     * @param title what stands above it
     * @return the page, with secrets masked
     */
    public String html(Timeline timeline, String title) {
        return TimelineHtml.render(json(timeline), title);
    }

    /**
     * A timeline as JSON values.
     *
     * @param timeline the timeline
     * @return entries, causal chains and figures by name, with secrets masked
     */
    public Map<String, Object> json(Timeline timeline) {
        return new TimelineJson(redactor).of(timeline);
    }
}
