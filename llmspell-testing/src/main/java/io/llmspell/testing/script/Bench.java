package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptEngine;
import io.llmspell.core.script.ScriptHost;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.script.ScriptSource;
import io.llmspell.core.time.SystemTimeSource;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An engine under test with the global {@code Probe}, and threads that call it. */
final class Bench implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(20);
    static final CorrelationId RUN = new CorrelationId("run-of-the-test");
    static final ScriptLimits LIMITS = new ScriptLimits(LONG, 0, 0, 16);

    final ScriptEngine engine;
    final Probe probe = new Probe();
    private final SystemTimeSource time = new SystemTimeSource();
    private final ScriptDialect dialect;

    @SuppressWarnings("JdkObsolete") // scripts may print from several threads
    private final StringWriter output = new StringWriter();

    private final List<Thread> threads = new ArrayList<>();

    private Bench(ScriptEngineFixture fixture, ScriptLimits limits) {
        this.dialect = fixture.dialect();
        this.engine = fixture.provider()
                .open(new ScriptHost(
                        probe.modules(),
                        limits,
                        text -> output.append(text.text()),
                        text -> output.append("ERR:").append(text.text()),
                        time,
                        IdGenerator.timeOrdered(time),
                        JsonCodec.create(),
                        Caller.host(RUN)));
    }

    static Bench open(ScriptEngineFixture fixture) {
        return new Bench(fixture, LIMITS);
    }

    static Bench open(ScriptEngineFixture fixture, ScriptLimits limits) {
        return new Bench(fixture, limits);
    }

    /** Runs a script of some lines. */
    @Nullable Object run(String... lines) {
        return engine.run(ScriptSource.of(dialect.file(), String.join("\n", lines)), List.of("one", "two"));
    }

    /** Runs a script that makes an expression its result. */
    @Nullable Object value(String expression) {
        return run(dialect.result(expression));
    }

    Awaiter blocking() {
        return Awaiter.blocking(time);
    }

    String output() {
        return output.toString();
    }

    /** The function that the script gave to {@code Probe.keep}. */
    ScriptCallback kept() {
        ScriptCallback kept = probe.kept.get();
        assertThat(kept).as("a function given to Probe.keep").isNotNull();
        return Objects.requireNonNull(kept);
    }

    Caller caller() {
        return engine.session().caller();
    }

    /** A caller of another run. */
    Caller stranger() {
        return caller().correlated(new CorrelationId("another-run"));
    }

    /** Does something on a thread of its own; {@link Job#end} gives what came of it. */
    <T extends @Nullable Object> Job<T> elsewhere(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.get());
                    } catch (Throwable failed) {
                        result.completeExceptionally(failed);
                    }
                },
                "bench");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return new Job<>(result, Awaiter.blocking(time), time.nanos() + LONG.toNanos());
    }

    @Override
    public void close() {
        probe.open();
        engine.close();
        threads.forEach(Bench::join);
        time.close();
    }

    private static void join(Thread thread) {
        try {
            thread.join(LONG.toMillis());
            assertThat(thread.isAlive()).as("thread of the test still runs").isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
