package io.llmspell.bridge;

import io.llmspell.core.script.ScriptOutput;
import io.llmspell.core.storage.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what scripts print to the log, line by line; a library has no standard output of its own. */
final class LogOutput implements ScriptOutput, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("llmspell.script.print");
    private static final int LONGEST_LINE = 64 * 1024;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private LogOutput() {}

    static LogOutput create() {
        return new LogOutput();
    }

    @Override
    public synchronized void write(Bytes text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.at(i) == '\n' || line.size() >= LONGEST_LINE) {
                flush();
            }
            if (text.at(i) != '\n') {
                line.write(text.at(i));
            }
        }
    }

    /** Writes what is left of the last line. */
    @Override
    public synchronized void close() {
        if (line.size() > 0) {
            flush();
        }
    }

    private void flush() {
        LOG.info("{}", line.toString(StandardCharsets.UTF_8));
        line.reset();
    }
}
