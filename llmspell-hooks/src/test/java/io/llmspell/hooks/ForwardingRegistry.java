package io.llmspell.hooks;

import io.llmspell.core.hook.AroundHook;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistration;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.ReactiveHook;
import java.util.List;
import java.util.Map;

/** A registry that hands everything on; planted faults change what they need. */
class ForwardingRegistry implements HookRegistry {
    final HookRegistry real;

    ForwardingRegistry(HookRegistry real) {
        this.real = real;
    }

    /** What is registered in place of a hook. */
    Hook hook(Hook hook) {
        return hook;
    }

    /** What a hook is registered with in place of its options. */
    HookOptions options(HookOptions options) {
        return options;
    }

    @Override
    public HookHandle register(HookPoint point, HookOptions options, Hook hook) {
        return real.register(point, options(options), hook(hook));
    }

    @Override
    public HookHandle registerReactive(HookPoint point, HookOptions options, ReactiveHook hook) {
        return real.registerReactive(point, options(options), hook);
    }

    @Override
    public HookHandle registerAround(OperationKind kind, HookOptions options, AroundHook hook) {
        return real.registerAround(kind, options(options), hook);
    }

    @Override
    public List<HookHandle> registerAll(List<HookRegistration> hooks) {
        return real.registerAll(hooks.stream()
                .map(each -> new HookRegistration(each.point(), options(each.options()), hook(each.hook())))
                .toList());
    }

    @Override
    public int unregisterAll(HookFilter filter) {
        return real.unregisterAll(filter);
    }

    @Override
    public int enableAll(HookFilter filter, boolean on) {
        return real.enableAll(filter, on);
    }

    @Override
    public HookMetrics metrics(String name) {
        return real.metrics(name);
    }

    @Override
    public Map<HookPoint, HookMetrics> metricsByPoint(String name) {
        return real.metricsByPoint(name);
    }

    @Override
    public Map<String, HookMetrics> metricsByName(HookFilter filter) {
        return real.metricsByName(filter);
    }

    @Override
    public Map<String, HookMetrics> metricsById(HookFilter filter) {
        return real.metricsById(filter);
    }

    @Override
    public List<HookInfo> list(HookFilter filter) {
        return real.list(filter);
    }

    @Override
    public String explain(HookPoint point) {
        return real.explain(point);
    }
}
