package io.llmspell.bridge.lua;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LuaSandbox} is made of.
 *
 * @param limits instructions and memory
 * @param clock the clocks scripts and deadlines read
 * @param output takes the text of {@code print} and {@code io.write}
 * @param errorOutput takes the text of {@code io.stderr:write}
 * @param warner takes each warning once, such as the use of {@code os.getenv}
 * @param moduleRoot the folder of {@code require} and {@code dofile}; null refuses both
 * @param seed the seed of {@code math.random}
 */
record LuaSandboxConfig(
        LuaLimits limits,
        LuaClock clock,
        LuaOutput output,
        LuaOutput errorOutput,
        Consumer<String> warner,
        @Nullable Path moduleRoot,
        long seed) {}
