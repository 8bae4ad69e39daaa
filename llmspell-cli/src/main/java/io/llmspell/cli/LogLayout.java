package io.llmspell.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each log entry: level, where, what. The stack trace of a cause is shown with {@code --debug} only.
 *
 * <p>The library's own pattern layout would load a hundred classes more at each start.
 */
final class LogLayout extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
        String logger = event.getLoggerName();
        StringBuilder line = new StringBuilder(128)
                .append(event.getLevel())
                .append(event.getLevel() == Level.INFO || event.getLevel() == Level.WARN ? "  " : " ")
                .append(logger.substring(logger.lastIndexOf('.') + 1))
                .append(": ")
                .append(event.getFormattedMessage())
                .append('\n');
        IThrowableProxy cause = event.getThrowableProxy();
        if (cause != null) {
            line.append(debug() ? ThrowableProxyUtil.asString(cause) + "\n" : "      " + cause.getMessage() + "\n");
        }
        return line.toString();
    }

    private static boolean debug() {
        Logger house = LoggerFactory.getLogger("io.llmspell");
        return house.isDebugEnabled();
    }
}
