package io.llmspell.bridge;

import io.llmspell.bridge.config.BuiltinOptions;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.time.TimeSource;
import io.llmspell.hooks.Hooks;
import io.llmspell.hooks.builtin.BuiltinAlerts;
import io.llmspell.hooks.builtin.BuiltinHooks;
import io.llmspell.hooks.builtin.BuiltinServices;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The built-in hooks of a runtime, made with their first use: most runs need none.
 *
 * <p>{@code made} is guarded by {@code this}; {@code events} is written once, when the bus has been built: until then there
 * is nobody to hear of an alert.
 */
final class RuntimeBuiltins implements Supplier<BuiltinHooks>, BuiltinAlerts {
    private static final Component HOOKS = Component.named(ComponentType.SYSTEM, "hooks");

    private final Hooks hooks;
    private final TimeSource time;
    private final CloseStack closing;
    private volatile @Nullable EventReporter events;
    private @Nullable BuiltinHooks made;

    RuntimeBuiltins(Hooks hooks, TimeSource time, CloseStack closing) {
        this.hooks = hooks;
        this.time = time;
        this.closing = closing;
    }

    @Override
    public synchronized BuiltinHooks get() {
        BuiltinHooks present = made;
        if (present == null) {
            BuiltinServices services =
                    BuiltinServices.builder(time).alerts(this).build();
            present = closing.add(BuiltinHooks.of(hooks, services));
            made = present;
        }
        return present;
    }

    /** Enables what is configured. */
    void configure(BuiltinOptions options) {
        if (!options.isEmpty()) {
            options.read(get()::configure);
        }
    }

    void tell(EventBus bus, Redactor redactor) {
        events = new EventReporter(bus, redactor);
    }

    @Override
    public void raise(String type, JsonObject payload, Caller caller) {
        EventReporter reporter = events;
        if (reporter != null) {
            reporter.report(type, payload, HOOKS, caller);
        }
    }
}
