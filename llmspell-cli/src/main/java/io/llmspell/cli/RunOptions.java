package io.llmspell.cli;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.script.ScriptLimits;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that run a script. */
final class RunOptions {
    private static final String DEFAULT_FOLDER = ".llmspell";
    private static final long DEFAULT_MEMORY = 512L << 20;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where state is kept; default: LLMSPELL_DATA_DIR, else ./.llmspell.")
    private @Nullable String dataDir;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Ends the script after a time, such as 30s.")
    private @Nullable String timeout;

    @Option(
            names = "--max-instructions",
            paramLabel = "N",
            description = "Ends the script after so many instructions of its interpreter.")
    private long maxInstructions;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            description = "How much the script may keep in memory, such as 64MiB; default 512MiB.")
    private @Nullable String maxMemory;

    @Option(names = "--debug", description = "Shows stack traces and the whole log.")
    private boolean debug;

    boolean debug() {
        return debug;
    }

    Path dataFolder() {
        String named = dataDir;
        if (named == null) {
            named = System.getenv("LLMSPELL_DATA_DIR");
        }
        String folder = named == null || named.isEmpty() ? DEFAULT_FOLDER : named;
        try {
            return Path.of(folder);
        } catch (InvalidPathException e) {
            throw new ArgumentException("--data-dir", folder, "a path (" + e.getReason() + ")");
        }
    }

    ScriptLimits limits() {
        if (maxInstructions < 0) {
            throw new ArgumentException("--max-instructions", String.valueOf(maxInstructions), "0 (no limit) or more");
        }
        return new ScriptLimits(
                timeout == null ? Duration.ZERO : duration(timeout),
                maxInstructions,
                maxMemory == null ? DEFAULT_MEMORY : size(maxMemory),
                ScriptLimits.DEFAULT.maxCoroutines());
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
