package io.llmspell.hooks.builtin;

import io.llmspell.core.meter.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Hands the figures of the runtime to Micrometer; loaded only if Micrometer is on the class path.
 *
 * @param registry where they go
 */
record MicrometerMeters(MeterRegistry registry) implements Meters {
    /** The global registry of Micrometer; what users add to it hears of everything. */
    static Meters global() {
        return new MicrometerMeters(Metrics.globalRegistry);
    }

    private static Tags tags(Map<String, String> tags) {
        return Tags.of(tags.entrySet().stream()
                .map(tag -> Tag.of(tag.getKey(), tag.getValue()))
                .toList());
    }

    @Override
    public void count(String name, Map<String, String> tags, long amount) {
        Counter.builder(name).tags(tags(tags)).register(registry).increment((double) amount);
    }

    @Override
    public void time(String name, Map<String, String> tags, long nanos) {
        Timer.builder(name)
                .tags(tags(tags))
                .serviceLevelObjectives(Buckets.BORDERS.toArray(new Duration[0]))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void gauge(String name, Map<String, String> tags, LongSupplier value) {
        Gauge.builder(name, value, LongSupplier::getAsLong)
                .tags(tags(tags))
                .strongReference(true)
                .register(registry);
    }
}
