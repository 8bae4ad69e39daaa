package io.llmspell.bridge.lua;

import io.llmspell.LlmSpell;
import io.llmspell.LlmSpellBuilder;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.time.SystemTimeSource;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole LlmSpell with its state in memory, that runs Lua snippets. Hooks have {@code LONG} unless they say otherwise, so
 * that none is cut because the machine is busy.
 */
final class Scripts implements AutoCloseable {
    private static final long LONG_NANOS = 20_000_000_000L;
    private static final String LONG = "20s";

    final LlmSpell spell;
    private final SystemTimeSource time = new SystemTimeSource();
    private final StringWriter output = new StringWriter();

    private Scripts(Map<String, Object> config, Consumer<LlmSpellBuilder> more) {
        LlmSpellBuilder builder = LlmSpell.builder()
                .config(ConfigSection.of("", patient(config)))
                .scriptOutput(text -> output.append(text.text()));
        more.accept(builder);
        this.spell = builder.build();
    }

    static Scripts open() {
        return new Scripts(Map.of(), builder -> {});
    }

    static Scripts open(Consumer<LlmSpellBuilder> more) {
        return new Scripts(Map.of(), more);
    }

    static Scripts configured(Map<String, Object> config) {
        return new Scripts(config, builder -> {});
    }

    static Scripts open(Map<String, Object> config, Consumer<LlmSpellBuilder> more) {
        return new Scripts(config, more);
    }

    /** The configuration with a long deadline of hooks, if it has none. */
    private static Map<String, Object> patient(Map<String, Object> config) {
        Map<String, Object> hooks = new LinkedHashMap<>();
        hooks.put("deadline", LONG);
        if (config.get("hooks") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> hooks.put(String.valueOf(name), value));
        }
        Map<String, Object> all = new LinkedHashMap<>(config);
        all.put("hooks", hooks);
        return all;
    }

    /** Runs a script of some lines. */
    @Nullable Object run(String... lines) {
        return spell.lua().eval(String.join("\n", lines));
    }

    /** Runs a statement; gives the member of the error it raises, or "none". */
    @Nullable Object failure(String statement, String member) {
        return run(new LuaDialect().failure(statement, member));
    }

    String output() {
        return output.toString();
    }

    EventInbox inbox(String pattern) {
        return spell.events().inbox(pattern, SubscribeOptions.DEFAULT, spell.caller());
    }

    UniversalEvent next(EventInbox inbox) {
        return waited(inbox.next().toCompletableFuture());
    }

    /** Does something on a thread of its own. */
    <T extends @Nullable Object> CompletableFuture<T> elsewhere(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.get());
                    } catch (Throwable failed) {
                        result.completeExceptionally(failed);
                    }
                },
                "elsewhere");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    <T extends @Nullable Object> T waited(CompletableFuture<T> result) {
        return Awaiter.blocking(time).await(result, time.nanos() + LONG_NANOS, Cancellation.none());
    }

    /** A list that may hold nulls. */
    static List<@Nullable Object> list(@Nullable Object... elements) {
        return Collections.unmodifiableList(Arrays.asList(elements));
    }

    /** A map of names and values in turn. */
    static Map<String, @Nullable Object> map(@Nullable Object... members) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            map.put(String.valueOf(members[i]), members[i + 1]);
        }
        return map;
    }

    @Override
    public void close() {
        spell.close();
        time.close();
    }
}
