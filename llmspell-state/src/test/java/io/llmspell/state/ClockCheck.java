package io.llmspell.state;

import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateUpdate;
import io.llmspell.core.state.StateView;
import io.llmspell.core.state.StateWatch;
import io.llmspell.core.time.TimeSource;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;

/** Steps the machine's clock and its zone under values with times to live; says what ended early, late or out of order. */
final class ClockCheck {
    private static final List<Duration> STEPS =
            List.of(Duration.ofHours(-1), Duration.ofDays(3_652), Duration.ofDays(-3_652), Duration.ofMillis(-1));
    private static final List<String> ZONES = List.of("Pacific/Kiritimati", "America/St_Johns", "UTC");

    private final ManualTime machine = new ManualTime();
    private final TimeSource seen;
    private final List<String> wrong = new ArrayList<>();

    /** What the manager takes for the clock. */
    interface Clock {
        TimeSource over(ManualTime machine);
    }

    ClockCheck(Clock clock) {
        this.seen = clock.over(machine);
    }

    List<String> run() {
        TimeZone before = TimeZone.getDefault();
        try (Fixture fixture = new Fixture(new PassThroughGate(), seen)) {
            List<Long> versions = new ArrayList<>();
            int round = 0;
            for (Duration step : STEPS) {
                for (String zone : ZONES) {
                    TimeZone.setDefault(TimeZone.getTimeZone(zone));
                    round(fixture.host(), "k" + round++, step, versions);
                }
            }
            if (!versions.equals(versions.stream().sorted().toList())) {
                wrong.add("versions go back: " + versions);
            }
            told(fixture.host());
        } finally {
            TimeZone.setDefault(before);
        }
        return wrong;
    }

    private void round(StateView state, String name, Duration step, List<Long> versions) {
        StateKey key = Fixture.key(name);
        StateKey lasting = Fixture.key("lasting-" + name);
        versions.add(state.apply(List.of(new StateChange.Put(key, name, Duration.ofSeconds(10), null)))
                .orThrow()
                .version());
        versions.add(state.put(lasting, name));
        machine.setWall(machine.now().plus(step));
        expect(state.exists(key), name + " ended early after a step of " + step);
        machine.advance(Duration.ofSeconds(9));
        expect(state.exists(key), name + " ended early, 9 s after a step of " + step);
        machine.advance(Duration.ofSeconds(2));
        expect(!state.exists(key), name + " did not end after a step of " + step);
        expect(state.exists(lasting), "a value for always ended after a step of " + step);
    }

    /** The order is that of the commits, whatever the clock said. */
    private static List<Long> order(StateView state) {
        return state.watch(StateWatch.of(Scope.GLOBAL, "lasting-*").after(0))
                .map(StateUpdate::version)
                .take((long) STEPS.size() * ZONES.size())
                .collectList()
                .block(Duration.ofSeconds(10));
    }

    private void told(StateView state) {
        List<Long> order = order(state);
        expect(order.equals(order.stream().sorted().toList()), "told out of order: " + order);
        List<String> keys = state.keys(Scope.GLOBAL);
        StateKey last = Fixture.key("lasting-k" + (STEPS.size() * ZONES.size() - 1));
        expect(
                state.latest(keys.stream().map(Fixture::key).toList())
                        .map(entry -> entry.getKey().equals(last))
                        .orElse(false),
                "the latest is not the one of the last commit");
    }

    private void expect(boolean right, String otherwise) {
        if (!right) {
            wrong.add(otherwise);
        }
    }
}
