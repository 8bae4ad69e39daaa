package io.llmspell.cli;

import io.llmspell.bridge.config.Configuration;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.script.ScriptLimits;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options of commands that run a script. */
final class RunOptions {
    /** Nothing but memory is limited for the script that the runner was asked to run. */
    private static final ScriptLimits UNCONFIGURED =
            new ScriptLimits(Duration.ZERO, 0, 512L << 20, ScriptLimits.DEFAULT.maxCoroutines());

    @CommandLine.Mixin
    private final DataOptions data = new DataOptions();

    @Option(names = "--timeout", paramLabel = "TIME", description = "Ends the script after a time, such as 30s.")
    private @Nullable String timeout;

    @Option(
            names = "--max-instructions",
            paramLabel = "N",
            description = "Ends the script after so many instructions of its interpreter.")
    private @Nullable Long maxInstructions;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            description = "How much the script may keep in memory, such as 64MiB; default 512MiB.")
    private @Nullable String maxMemory;

    DataOptions data() {
        return data;
    }

    /** What is configured, under the options of the command line. */
    RuntimeOptions configured(Configuration configuration) {
        RuntimeOptions options = configuration.isEmpty()
                ? RuntimeOptions.ofDefaults(UNCONFIGURED)
                : RuntimeOptions.from(configuration.root(), UNCONFIGURED);
        return options.limits(limits(options.limits()));
    }

    private ScriptLimits limits(ScriptLimits base) {
        Long instructions = maxInstructions;
        if (instructions != null && instructions < 0) {
            throw new ArgumentException("--max-instructions", String.valueOf(instructions), "0 (no limit) or more");
        }
        return new ScriptLimits(
                timeout == null ? base.timeout() : duration(timeout),
                instructions == null ? base.maxInstructions() : instructions,
                maxMemory == null ? base.maxMemoryBytes() : size(maxMemory),
                base.maxCoroutines());
    }

    private static Duration duration(String text) {
        Matcher form = Forms.DURATION.matcher(text);
        if (!form.matches()) {
            throw new ArgumentException("--timeout", text, "a time such as 250ms, 30s, 5m or 1h");
        }
        long amount = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static long size(String text) {
        Matcher form = Forms.SIZE.matcher(text);
        if (!form.matches()) {
            throw new ArgumentException("--max-memory", text, "a size such as 512KiB, 64MiB or 1GiB");
        }
        long amount = Long.parseLong(form.group(1));
        return switch (form.group(2).toLowerCase(Locale.ROOT)) {
            case "kib" -> amount << 10;
            case "mib" -> amount << 20;
            default -> amount << 30;
        };
    }

    /** Apart, so that a call without options does not pay for them. */
    private static final class Forms {
        static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
        static final Pattern SIZE = Pattern.compile("(\\d{1,9})(KiB|MiB|GiB)", Pattern.CASE_INSENSITIVE);
    }
}
