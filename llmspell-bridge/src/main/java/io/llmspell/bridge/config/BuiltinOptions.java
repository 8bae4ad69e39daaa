package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sections {@code [hooks.NAME]} of built-in hooks, which are read when the hooks are there.
 *
 * <p><b>Threads:</b> for one thread at a time.
 */
public final class BuiltinOptions {
    /** What {@code HookSettings} reads itself. */
    private static final Set<String> OTHERS = Set.of("breaker", "performance", "points", "hook");

    private final @Nullable Supplier<ConfigSection> section;
    private final Set<String> names;
    private final Set<String> usual;

    private static boolean other(String name) {
        return OTHERS.contains(name) || HookSection.NAMES.contains(name);
    }

    private BuiltinOptions() {
        this.section = null;
        this.names = Set.of();
        this.usual = StateHooks.DEFAULT;
    }

    /** Options of the sections, and of hooks that are enabled unless their section says otherwise. */
    BuiltinOptions(Supplier<ConfigSection> section, Set<String> usual) {
        this.section = section;
        this.usual = usual;
        ConfigSection look = section.get();
        Set<String> sections = new HashSet<>(); // no stream: this runs at each start
        for (String name : look.names()) {
            if (!other(name) && look.raw(name) instanceof Map<?, ?>) {
                sections.add(name);
            }
        }
        this.names = Set.copyOf(sections);
    }

    /** No sections. */
    static BuiltinOptions none() {
        return new BuiltinOptions();
    }

    /** The names of the sections. */
    Collection<String> names() {
        return List.copyOf(names);
    }

    /**
     * The hooks that are enabled unless their section says otherwise, or leaves them nothing to do.
     *
     * @return their names
     */
    public Set<String> usual() {
        return usual;
    }

    /**
     * Whether no hook is to be enabled.
     *
     * @return true if no built-in hook is configured
     */
    public boolean isEmpty() {
        return names.isEmpty() && StateHooks.DEFAULT.containsAll(usual);
    }

    /**
     * Reads the sections.
     *
     * @param reader reads, of the section {@code [hooks]}, those of the hooks that it knows
     * @throws ConfigException {@code invalid_config} if one is wrong, or nobody read it
     */
    public void read(Consumer<ConfigSection> reader) {
        if (section == null) {
            return;
        }
        ConfigSection hooks = section.get();
        reader.accept(hooks);
        hooks.names().stream().filter(name -> !names.contains(name)).forEach(hooks::has);
        OTHERS.forEach(hooks::has);
        HookSection.NAMES.forEach(hooks::has);
        hooks.end();
    }
}
