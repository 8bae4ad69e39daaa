package io.llmspell.bridge.lua;

import io.llmspell.LlmSpellBuilder;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.ToolResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole LlmSpell with a loaded Lua script, whose hooks serve the calls of other threads.
 *
 * <p>The script registers its hooks with {@code register}, which planted faults replace, and offers a tool
 * {@code alive} that gives its global {@code n}.
 */
final class LuaHookRig implements AutoCloseable {
    /** What a test changes to see a check turn red. */
    record Plant(String register, Map<String, @Nullable Object> hooks) {
        static final Plant NONE = new Plant("Hook.register", Map.of());

        /** Registers with other options than the script gives. */
        static Plant options(String change) {
            return new Plant("function(p, f, o) " + change + " return Hook.register(p, f, o) end", Map.of());
        }

        static Plant config(String name, Object value) {
            return new Plant(NONE.register, Map.of(name, value));
        }
    }

    final Scripts scripts;
    private final Path folder;
    private final Handle loaded;

    LuaHookRig(Plant plant, Map<String, String> modules, String... lines) {
        this(plant, builder -> {}, modules, lines);
    }

    LuaHookRig(Plant plant, Consumer<LlmSpellBuilder> more, Map<String, String> modules, String... lines) {
        this.scripts = Scripts.open(Map.of("hooks", plant.hooks), more);
        try {
            this.folder = Files.createTempDirectory("hooks");
            for (Map.Entry<String, String> module : modules.entrySet()) {
                Files.writeString(folder.resolve(module.getKey() + ".lua"), module.getValue());
            }
            Path main = Files.writeString(
                    folder.resolve("main.lua"),
                    "n = 0\nlocal register = " + plant.register + "\n" + String.join("\n", lines)
                            + "\nTool.register {name = 'alive', execute = function() return {result = n} end}\n");
            this.loaded = scripts.spell.lua().load(main);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The result of a tool, or the code of its error. */
    String call(String tool, String input) {
        try {
            ToolResult given =
                    scripts.spell.toolExecutor().invoke(tool, JsonObject.of("input", input), scripts.spell.caller());
            LlmSpellException error = given.error();
            return error == null
                    ? String.valueOf(given.result().get("result"))
                    : error.code().id();
        } catch (LlmSpellException failure) {
            return failure.code().id();
        }
    }

    /** The script's {@code n}, told by the script itself: its engine works. */
    String alive() {
        return call("alive", "x");
    }

    HookMetrics metrics(String hook) {
        return scripts.spell.hooks().metrics(hook);
    }

    List<String> hooks() {
        return scripts.spell.hooks().list(HookFilter.all()).stream()
                .map(each -> each.name())
                .sorted()
                .toList();
    }

    /** Ends the script, and its hooks with it. */
    void unload() {
        loaded.close();
    }

    @Override
    public void close() {
        scripts.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
