package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The global {@code Logger}, and what a script prints without an output of its own. */
final class LoggerGlobalTest {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        ((Logger) LoggerFactory.getLogger("llmspell.script")).addAppender(lines);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger("llmspell.script")).detachAppender(lines);
    }

    @Test
    void levels_haveTheirLines() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(
                    "Logger.trace('t'); Logger.debug('d'); Logger.info('i', {n = 1}); Logger.warn('w'); Logger.error('e')");
            assertThat(lines.list.stream().map(ILoggingEvent::getLevel))
                    .containsExactly(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR);
            assertThat(text(2)).startsWith("script:eval [").endsWith("] i {\"n\":1}");
        }
    }

    @Test
    void secrets_areMasked() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run("Logger.info('key is sk-abcdefghijklmnop" + "q1".repeat(20) + "',"
                    + " {api_key = 'hunter2-hunter2', nested = {password = 'pa55word'}, plain = 'shown'})");
            assertThat(text(0))
                    .doesNotContain("sk-abcdefghijklmnop")
                    .doesNotContain("hunter2")
                    .doesNotContain("pa55word")
                    .contains("shown", "key is");
        }
    }

    @Test
    void lineEnds_cannotForgeALine() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run("Logger.info('one\\n2026 ERROR forged\\r')");
            assertThat(text(0)).doesNotContain("\n").doesNotContain("\r").contains("one\\n2026 ERROR forged\\r");
        }
    }

    @Test
    void message_ofAnotherType_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("Logger.info({})", "message"))
                    .isEqualTo("Logger.info: argument 1 (message) must be a text, but is a map");
        }
    }

    @Test
    void print_withoutAnOutput_goesToTheLog_lineByLine() {
        try (io.llmspell.LlmSpell spell = io.llmspell.LlmSpell.builder().build()) {
            spell.lua().eval("print('first', 1) io.write('se') io.write('cond\\nlast')");
            assertThat(printed()).containsExactly("first\t1", "second");
        }
        assertThat(printed()).containsExactly("first\t1", "second", "last");
    }

    private List<String> printed() {
        return lines.list.stream()
                .filter(line -> line.getLoggerName().equals("llmspell.script.print"))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private String text(int line) {
        return lines.list.get(line).getFormattedMessage();
    }
}
