package io.llmspell.bridge.lua;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** A sandbox with recorded output and a fixed wall clock. */
final class SandboxFixture {
    static final LuaLimits LIMITS = new LuaLimits(400_000_000L, 64L << 20);

    final StringBuilder output = new StringBuilder();
    final StringBuilder errors = new StringBuilder();
    final List<String> warnings = new ArrayList<>();
    final LuaSandbox sandbox;

    SandboxFixture() {
        this(LIMITS, null);
    }

    SandboxFixture(LuaLimits limits, @Nullable Path modules) {
        this(limits, modules, System::nanoTime);
    }

    SandboxFixture(LuaLimits limits, @Nullable Path modules, LongSupplier nanos) {
        LuaClock clock = new LuaClock(nanos, () -> Instant.ofEpochSecond(1_000_000_000L), () -> ZoneOffset.UTC);
        sandbox = LuaSandbox.create(new LuaSandboxConfig(
                limits,
                clock,
                text -> output.append(LuaText.toJavaLossy(text)),
                text -> errors.append(LuaText.toJavaLossy(text)),
                warnings::add,
                modules,
                42));
    }

    LuaValue load(String source) throws LuaSyntaxException {
        return sandbox.load(source.getBytes(StandardCharsets.UTF_8), "=conformance");
    }

    Varargs run(String source) throws LuaSyntaxException {
        return sandbox.call(load(source), LuaValue.NONE);
    }

    /** Runs {@code source} and returns its first result as text. */
    String text(String source) throws LuaSyntaxException {
        return LuaText.toJavaLossy(sandbox.machine().tostring(run(source).arg1()));
    }
}
