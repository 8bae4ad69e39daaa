package io.llmspell.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.llmspell.bridge.config.RuntimeOptions;
import java.nio.charset.StandardCharsets;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The log of the runner: Logback, set up in code to write warnings and what scripts log to standard error.
 *
 * <p>Named to SLF4J by {@link #choose}. Logback's own provider would open every jar to look for settings, and format a
 * report of that nobody sees: a fifth of the time to the first line of output. <b>Threads:</b> safe once initialized.
 */
public final class LogProvider implements SLF4JServiceProvider {
    private final LoggerContext context = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();

    /** Made by SLF4J. */
    public LogProvider() {}

    /** Makes this the log of the process; to be called before the first logger is made. */
    static void choose() {
        System.setProperty("slf4j.provider", LogProvider.class.getName());
        System.setProperty("slf4j.internal.verbosity", "WARN");
    }

    /** Sets how much of the house and of scripts is shown; everything of use for finding faults if {@code debug} is true. */
    static void apply(RuntimeOptions.LogLevel configured, boolean debug) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            level(context, debug ? Level.DEBUG : Level.toLevel(configured.name()));
        }
    }

    private static void level(LoggerContext context, Level level) {
        context.getLogger("io.llmspell").setLevel(level);
        context.getLogger("llmspell").setLevel(level);
    }

    @Override
    public void initialize() {
        context.setName("llmspell");
        context.setMDCAdapter(mdc);
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console());
        level(context, Level.INFO);
        context.start();
    }

    private ConsoleAppender<ILoggingEvent> console() {
        LogLayout layout = new LogLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        return console;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }
}
