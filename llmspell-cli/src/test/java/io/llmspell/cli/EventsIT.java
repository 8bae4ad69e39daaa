package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code llmspell events} shows of another process. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EventsIT {
    private static final String THREE = """
            Event.publish("quiz.request", {n = 1}, {correlation_id = "r1", tags = {"x"}})
            Event.publish("quiz.response", {n = 2, password = "hunter22"}, {correlation_id = "r1",
              source = {component = "teacher\\27[31m"}})
            Event.publish("quiz.over", {n = 3}, {correlation_id = "r2"})
            """;

    @RegisterExtension
    static final ServedRunner SERVED = new ServedRunner();

    private final Path folder = SERVED.folder();

    @BeforeEach
    void publish() {
        Runner.Result result = SERVED.run("exec", THREE);
        assertThat(result.exit()).as(result.err()).isZero();
    }

    private Runner.Result events(String... arguments) {
        List<String> all = new ArrayList<>(List.of("events"));
        all.addAll(List.of(arguments));
        return SERVED.run(all.toArray(String[]::new));
    }

    @Test
    void query_conditions_choose() {
        assertThat(events("query", "--type", "quiz.*").out().lines())
                .hasSize(3)
                .first()
                .asString()
                .matches("\\d+  20\\S+Z  quiz\\.request  script/script:exec  r1  \\{\"n\":1}");
        assertThat(events("query", "--run", "r1", "--newest", "--limit", "1").out())
                .contains("quiz.response");
        assertThat(events("query", "--tag", "x").out().lines()).hasSize(1);
        assertThat(events("query", "--since", "1h", "--until", "0s", "--type", "quiz.over")
                        .out()
                        .lines())
                .hasSize(1);
        assertThat(events("query", "--until", "2001-01-01T00:00:00Z").out()).isEmpty();
        assertThat(events("query", "--run", "r1").out())
                .contains("[REDACTED", "teacher?[31m")
                .doesNotContain("hunter22", "\u001b");
    }

    @Test
    void queryAndTail_json_areOneObjectALine() {
        List<String> lines = events("tail", "--no-follow", "--lines", "2", "--type", "quiz.*", "--json")
                .out()
                .lines()
                .toList();

        assertThat(lines).hasSize(2).allSatisfy(line -> {
            Map<?, ?> event = (Map<?, ?>) JsonCodec.create().parse(line, JsonLimits.TOOL);
            assertThat(event.get("type")).asString().startsWith("quiz.");
            assertThat((Long) event.get("position")).isPositive();
            assertThat((Long) event.get("sequence")).isPositive();
        });
    }

    @Test
    void timeline_run_isShownAsTextJsonAndPage() throws Exception {
        Runner.Result text = Runner.in(folder).run("events", "timeline", "r1");
        Runner.Result page = events("timeline", "r1", "--html", "run.html");

        assertThat(text.out())
                .contains("2 events, 1 run, 2 components", "response_to")
                .doesNotContain("\u001b");
        assertThat(events("timeline", "r1", "--json").out()).contains("\"max_causality_depth\": 1");
        assertThat(page.out()).isEqualTo("wrote run.html\n");
        assertThat(Files.readString(folder.resolve("run.html")))
                .startsWith("<!DOCTYPE html>")
                .contains("quiz.response")
                .doesNotContain("hunter22");
        assertThat(events("timeline", "nobody").exit()).isEqualTo(1);
        assertThat(events("timeline", "nobody").err()).contains("has no events of run \"nobody\"");
    }

    @Test
    void stats_folder_countsTypes() {
        assertThat(events("stats").out())
                .containsPattern("\\d+ events in \\.llmspell, positions 1 to \\d+\n")
                .containsPattern("quiz\\.over +1\n");
        assertThat(events("stats", "--json").out()).contains("\"quiz.request\": 1");
    }

    @Test
    void wrongUse_isRefused() {
        assertThat(events().exit()).isEqualTo(ExitCode.USAGE);
        assertThat(events("tails").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(events("query", "--since", "soon").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(events("query", "--type", "[").exit()).isEqualTo(ExitCode.USAGE);
        Runner.Result page = events("timeline", "r1", "--html", "missing/page.html");
        assertThat(page.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(page.err())
                .contains("--html is \"missing/page.html\", but must be a file that can be written")
                .doesNotContain("unexpected");
        assertThat(events("stats", "--data-dir", "nowhere").exit()).isEqualTo(ExitCode.ENVIRONMENT);
    }

    @Test
    void tail_whileAnotherProcessPublishes_followsIt() throws Exception {
        Files.writeString(
                folder.resolve("s.lua"),
                "print('ready')\nfor i = 1, 100000 do Event.publish('live.tick', {n = i}) Event.run(0.05) end\n");
        Process writer = Runner.in(folder).start("run", "s.lua");
        Process tail = null;
        try {
            assertThat(writer.getInputStream().readNBytes(6)).isEqualTo("ready\n".getBytes(StandardCharsets.UTF_8));
            tail = Runner.in(folder).start("events", "tail", "--type", "live.*", "--lines", "0");
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(tail.getInputStream(), StandardCharsets.UTF_8));
            long last = 0;
            for (int i = 0; i < 20; i++) {
                String line = out.readLine();
                assertThat(line).contains("  live.tick  ");
                long position = Long.parseLong(line.substring(0, line.indexOf(' ')));
                assertThat(position).isGreaterThan(last);
                last = position;
            }
            assertThat(writer.isAlive()).isTrue();
        } finally {
            for (Process process : tail == null ? List.of(writer) : List.of(tail, writer)) {
                process.toHandle().destroyForcibly();
                process.onExit().join();
            }
        }
    }
}
