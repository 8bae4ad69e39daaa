package io.llmspell.hooks;

import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistration;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The planted fault of a registry that works on live lists: what is registered or unregistered shows in operations that
 * run, a bulk registration shows one by one, and a list that shrinks under an operation makes it miss a hook.
 */
final class LiveRegistry extends ForwardingRegistry {
    private final Map<HookPoint, List<Live>> lists = new ConcurrentHashMap<>();

    LiveRegistry(HookRegistry real) {
        super(real);
    }

    private record Live(HookInfo info, Hook hook) {}

    @Override
    public HookHandle register(HookPoint point, HookOptions options, Hook hook) {
        List<Live> list = lists.computeIfAbsent(point, this::dispatched);
        Live live = new Live(new HookInfo(options.name(), point, options, true, false), hook);
        synchronized (list) {
            list.add(live);
            list.sort(Comparator.<Live>comparingInt(each -> each.info.options().priority())
                    .thenComparing(each -> each.info.name()));
        }
        return new LiveHandle(list, live);
    }

    private List<Live> dispatched(HookPoint point) {
        List<Live> list = new ArrayList<>();
        real.register(point, "dispatcher", context -> dispatch(list, context));
        return list;
    }

    private static HookResult dispatch(List<Live> list, HookContext context) throws Exception {
        for (int i = 0; ; i++) {
            Live live;
            synchronized (list) {
                if (i >= list.size()) {
                    return HookResult.proceed();
                }
                live = list.get(i);
            }
            live.hook.execute(context);
        }
    }

    @Override
    public List<HookHandle> registerAll(List<HookRegistration> hooks) {
        return hooks.stream()
                .map(each -> register(each.point(), each.options(), each.hook()))
                .toList();
    }

    @Override
    public int unregisterAll(HookFilter filter) {
        int gone = 0;
        for (List<Live> list : lists.values()) {
            synchronized (list) {
                gone += list.removeIf(each -> filter.accepts(each.info)) ? 1 : 0;
            }
        }
        return gone;
    }

    private record LiveHandle(List<Live> list, Live live) implements HookHandle {
        @Override
        public HookInfo info() {
            return live.info;
        }

        @Override
        public boolean enabled(boolean on) {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public HookMetrics metrics() {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public boolean unregister() {
            synchronized (list) {
                return list.remove(live);
            }
        }
    }
}
