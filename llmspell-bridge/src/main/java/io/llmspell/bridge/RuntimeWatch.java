package io.llmspell.bridge;

import io.llmspell.bridge.config.MonitorSettings;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.bridge.globals.GlobalServices;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.notice.Notices;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/** What the runtime tells of itself: its notices, its monitor, the news of its hooks, and changes of its settings. */
final class RuntimeWatch implements Handle {
    private final Notices notices;
    private final LiveSettings live;
    private final RuntimeMonitor monitor;
    private final List<Handle> news;

    private RuntimeWatch(Notices notices, LiveSettings live, RuntimeMonitor monitor, List<Handle> news) {
        this.notices = notices;
        this.live = live;
        this.monitor = monitor;
        this.news = news;
    }

    static RuntimeWatch begin(
            GlobalServices services,
            RuntimeOptions options,
            MonitorProbes probes,
            Component runtime,
            Supplier<Caller> callers) {
        MonitorSettings settings = options.monitor();
        var gate = services.hooks().gate();
        EventReporter events = new EventReporter(services.events(), services.redactor());
        Notices notices = new Notices(gate, events);
        Executor elastic = task -> Schedulers.boundedElastic().schedule(task);
        RuntimeMonitor monitor =
                new RuntimeMonitor(services.time(), settings, probes, notices, runtime, callers, elastic);
        LiveSettings live = new LiveSettings(gate, events, runtime);
        live.add("monitor", () -> monitor.settings().values(), MonitorSettings::from, monitor::change);
        List<Handle> news = new ArrayList<>();
        news.add(services.hooks().news(new HookNews(events, notices, runtime, callers, services)));
        if (options.hookSection().executionEvents()) {
            news.add(services.hooks().executions(new ExecutionNews(events, runtime)));
        }
        return new RuntimeWatch(notices, live, monitor.start(), news);
    }

    Notices notices() {
        return notices;
    }

    void change(String section, String key, @Nullable Object value, String source, Caller caller) {
        live.change(section, key, value, source, caller);
    }

    @Override
    public void close() {
        monitor.close();
        news.forEach(Handle::close);
    }
}
