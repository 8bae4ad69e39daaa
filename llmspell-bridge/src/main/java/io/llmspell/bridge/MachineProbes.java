package io.llmspell.bridge;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Measures this process on this machine. The bean is looked up with the first measurement, which takes a while. */
final class MachineProbes implements MonitorProbes {
    private @Nullable OperatingSystemMXBean system;

    @Override
    public double memory() {
        Runtime heap = Runtime.getRuntime();
        return (double) (heap.totalMemory() - heap.freeMemory()) / heap.maxMemory();
    }

    @Override
    public double cpu() {
        OperatingSystemMXBean known = system;
        if (known == null) {
            known = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            system = known;
        }
        return known == null ? -1 : known.getProcessCpuLoad();
    }
}
