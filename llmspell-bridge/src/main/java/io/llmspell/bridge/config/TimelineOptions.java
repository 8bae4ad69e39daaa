package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.time.TimeSource;
import io.llmspell.events.correlation.CorrelationSettings;
import io.llmspell.events.correlation.CorrelationTracker;
import io.llmspell.events.correlation.TimelineSettings;
import io.llmspell.events.correlation.Timelines;
import org.jspecify.annotations.Nullable;

/**
 * How events are linked and shown; the sections {@code [events.correlation]} and {@code [events.timeline]}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param correlation how links are found, or null for the defaults
 * @param timeline how timelines are made, or null for the defaults
 */
public record TimelineOptions(
        @Nullable CorrelationSettings correlation, @Nullable TimelineSettings timeline) {
    /** The defaults. */
    public static final TimelineOptions NONE = new TimelineOptions(null, null);

    /**
     * Makes the options.
     *
     * @param correlation how links are found, or null
     * @param timeline how timelines are made, or null
     */
    public TimelineOptions {}

    /** Reads both sections; those that are left out cost a start nothing. */
    static TimelineOptions from(ConfigSection events) {
        ConfigSection correlation = events.section("correlation");
        ConfigSection timeline = events.section("timeline");
        return new TimelineOptions(
                correlation.names().isEmpty() ? null : CorrelationSettings.from(correlation),
                timeline.names().isEmpty() ? null : TimelineSettings.from(timeline));
    }

    /**
     * What makes timelines as these options say.
     *
     * @param time the clock
     * @param redactor masks secrets in what is shown
     * @return the maker
     */
    public Timelines maker(TimeSource time, Redactor redactor) {
        return new Timelines(
                timeline == null ? TimelineSettings.DEFAULT : timeline,
                correlation == null ? CorrelationSettings.DEFAULT : correlation,
                time,
                redactor);
    }

    /**
     * A tracker of what a bus sends from now on, with the limits that these options give.
     *
     * @param bus the bus; its end is the end of the subscription
     * @param time tells the age of runs
     * @param caller on whose behalf the tracker subscribes
     * @return the tracker
     */
    public CorrelationTracker tracker(EventBus bus, TimeSource time, Caller caller) {
        CorrelationTracker tracker =
                new CorrelationTracker(correlation == null ? CorrelationSettings.DEFAULT : correlation, time);
        bus.subscribe("**", SubscribeOptions.DEFAULT, (event, again) -> tracker.track(event), caller);
        return tracker;
    }
}
