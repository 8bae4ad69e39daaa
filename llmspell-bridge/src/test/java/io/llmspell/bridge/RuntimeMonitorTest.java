package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.bridge.config.MonitorSettings;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.event.RecordingEventBus;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The monitor with probes and time of the test. */
final class RuntimeMonitorTest {
    private final ManualTime time = new ManualTime();
    private final Hooks hooks = Hooks.builder().time(time).build();
    private final RecordingEventBus bus = new RecordingEventBus();
    private final List<String> seen = new ArrayList<>();
    private final Probes probes = new Probes();
    private final RuntimeMonitor monitor = new RuntimeMonitor(
                    time,
                    MonitorSettings.DEFAULT,
                    probes,
                    new Notices(hooks.gate(), new EventReporter(bus, Redactor.create())),
                    Component.named(ComponentType.SYSTEM, "runtime"),
                    () -> Caller.host(new CorrelationId("watch")),
                    Runnable::run)
            .start();

    private static final class Probes implements MonitorProbes {
        private double memory = 0.1;
        private double cpu = 0.1;
        private int measured;

        @Override
        public double memory() {
            measured++;
            return memory;
        }

        @Override
        public double cpu() {
            return cpu;
        }
    }

    RuntimeMonitorTest() {
        for (HookPoint point : List.of(HookPoint.MEMORY_USAGE_HIGH, HookPoint.CPU_USAGE_HIGH)) {
            hooks.registry().register(point, "sees", context -> {
                seen.add(point + " " + context.data());
                return HookResult.proceed();
            });
        }
    }

    @AfterEach
    void close() {
        monitor.close();
        hooks.close();
    }

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            time.advance(Duration.ofSeconds(10));
        }
    }

    @Test
    void memory_aboveItsLimit_isToldOnceACrossing() {
        probes.memory = 0.85;
        ticks(2);
        assertThat(seen).isEmpty();
        probes.memory = 0.9;
        ticks(3);
        assertThat(seen).containsExactly("MemoryUsageHigh {metric=memory, value=0.9, threshold=0.85}");
        probes.memory = 0.2;
        ticks(1);
        probes.memory = 0.95;
        ticks(2);
        assertThat(seen).hasSize(2);
        assertThat(bus.types()).containsExactly("memory.high", "memory.high");
    }

    @Test
    void cpu_aboveItsLimitForAMoment_isNotTold() {
        ticks(4);
        probes.cpu = 1.0;
        ticks(1);
        probes.cpu = 0.1;
        ticks(4);
        assertThat(seen).isEmpty();
    }

    @Test
    void cpu_aboveItsLimitForTheWindow_isToldOnceACrossing() {
        probes.cpu = 1.0;
        ticks(3);
        assertThat(seen).as("the window is not measured whole yet").isEmpty();
        ticks(4);
        assertThat(seen).containsExactly("CpuUsageHigh {metric=cpu, value=1.0, threshold=0.9}");
        assertThat(bus.types()).containsExactly("cpu.high");
        probes.cpu = 0.0;
        ticks(4);
        probes.cpu = 1.0;
        ticks(4);
        assertThat(seen).hasSize(2);
    }

    @Test
    void cpu_thatCannotBeMeasured_isPassedOver() {
        probes.cpu = -1;
        ticks(5);
        probes.cpu = Double.NaN;
        ticks(5);
        assertThat(seen).isEmpty();
    }

    @Test
    void change_otherInterval_countsAtOnce() {
        monitor.change(
                MonitorSettings.from(ConfigSection.of("monitor", Map.of("interval", "1s", "memory_high", 0.05))));
        time.advance(Duration.ofSeconds(1));
        assertThat(seen).hasSize(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(probes.measured).as("the timer of the old interval is gone").isEqualTo(2);
    }

    @Test
    void close_endsTheMeasurements() {
        ticks(1);
        monitor.close();
        ticks(3);
        assertThat(probes.measured).isEqualTo(1);
    }

    @Test
    void settings_section_isReadAndChecked() {
        assertThat(MonitorSettings.from(ConfigSection.of("monitor", Map.of()))).isEqualTo(MonitorSettings.DEFAULT);
        assertThat(MonitorSettings.from(ConfigSection.of("monitor", Map.of("cpu_window", "1m", "cpu_high", 1))))
                .isEqualTo(new MonitorSettings(Duration.ofSeconds(10), 0.85, 1, Duration.ofMinutes(1)));
        assertThatThrownBy(() -> MonitorSettings.from(ConfigSection.of("monitor", Map.of("memory_hihg", 0.5))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("memory_high");
        assertThatThrownBy(() -> MonitorSettings.from(ConfigSection.of("monitor", Map.of("memory_high", 85))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("memory_high");
    }

    @Test
    void machineProbes_measure() {
        MachineProbes machine = new MachineProbes();
        assertThat(machine.memory()).isBetween(0.0, 1.0);
        assertThat(machine.cpu()).isBetween(-1.0, 1.0);
    }
}
