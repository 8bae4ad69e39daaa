package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code llmspell hooks} shows of another process. */
class HooksIT {
    private static final String TWO_HOOKS = """
            Hook.register("BeforeToolExecution", function() end, {name = "late", priority = "low"})
            Hook.register("BeforeToolExecution", function() end, {name = "guard", priority = "high", on_error = "refuse"})
            """;

    @RegisterExtension
    static final ServedRunner SERVED = new ServedRunner();

    private final Path folder = SERVED.folder();

    private Runner.Result hooks(String... arguments) {
        List<String> all = new ArrayList<>(List.of("hooks"));
        all.addAll(List.of(arguments));
        return SERVED.run(all.toArray(String[]::new));
    }

    private static Map<?, ?> json(Runner.Result result) {
        assertThat(result.exit()).as(result.err()).isZero();
        Object value = JsonCodec.create().parse(result.out(), JsonLimits.TOOL);
        assertThat(value).isInstanceOf(Map.class);
        return (Map<?, ?>) value;
    }

    @Test
    void list_afterARun_showsItsHooksInRunningOrder() {
        Runner.in(folder).run("exec", TWO_HOOKS);

        Runner.Result result = Runner.in(folder).run("hooks", "list");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out())
                .matches("(?s)as of 20\\S+Z, \\.llmspell, process \\d+, which has ended\\n"
                        + "POINT +NAME +BAND +PRIORITY +POLICY .*\\n"
                        + "BeforeToolExecution +guard +user +-100 +fail_closed +lua +ended.*\\n"
                        + "BeforeToolExecution +late +user +100 +fail_open +lua +ended.*\\n");
    }

    @Test
    void listAndExplain_json_holdTheSame() {
        SERVED.run("exec", "--data-dir", "data", TWO_HOOKS);

        Map<?, ?> list = json(hooks("list", "--json", "--data-dir", "data"));
        Map<?, ?> explained = json(hooks("explain", "before_tool_execution", "--json", "--data-dir", "data"));
        Map<?, ?> other = json(hooks("explain", "AgentError", "--data-dir", "data", "--json"));

        assertThat(list.get("data_folder")).isEqualTo("data");
        assertThat(list.get("closed")).isEqualTo(true);
        assertThat((List<?>) list.get("hooks")).hasSize(2);
        assertThat(explained.get("hooks")).isEqualTo(list.get("hooks"));
        assertThat(explained.get("hook_point")).isEqualTo("BeforeToolExecution");
        assertThat(String.valueOf(explained.get("text"))).contains("1. \"guard\" runs first", "2. \"late\" runs after");
        assertThat((List<?>) other.get("hooks")).isEmpty();
        assertThat(other.get("text")).isEqualTo("no hook is registered at AgentError");
    }

    @Test
    void list_figures_areThoseOfTheRun() {
        SERVED.run(
                "exec",
                TWO_HOOKS + "for i = 1, 7 do Tool.calculator{input = '1'} end\n"
                        + "Hook.register('AfterToolExecution', function() error('broken') end, {name = 'bad'})\n"
                        + "for i = 1, 5 do Tool.calculator{input = '1'} end");

        List<?> rows = (List<?>) json(hooks("list", "--json")).get("hooks");

        assertThat(rows).hasSize(3);
        Map<?, ?> guard = (Map<?, ?>) ((Map<?, ?>) rows.get(0)).get("metrics");
        assertThat(guard.get("count")).isEqualTo(12L);
        assertThat(guard.get("failures")).isEqualTo(0L);
        Map<?, ?> bad = (Map<?, ?>) rows.get(2);
        assertThat(bad.get("breaker")).isEqualTo("open");
        assertThat(((Map<?, ?>) bad.get("metrics")).get("failures")).isEqualTo(3L);
        assertThat(String.valueOf(((Map<?, ?>) bad.get("metrics")).get("last_error")))
                .contains("broken");
        assertThat(hooks("list").out())
                .containsPattern("guard .* closed +12 +0 +\\d+\\.\\d{3} ")
                .containsPattern("bad .* open +3 +3 ");
    }

    /** A runtime notes its hooks after 10 s for the first time. */
    @Test
    void list_whileTheRunGoesOn_showsItsHooksAndHarmsNothing() throws Exception {
        Files.writeString(folder.resolve("s.lua"), TWO_HOOKS + "print('ready')\nEvent.run(600)\nState.set('k', 1)\n");
        Process process = Runner.in(folder).start("run", "s.lua");
        try {
            assertThat(process.getInputStream().readNBytes(6)).isEqualTo("ready\n".getBytes(StandardCharsets.UTF_8));

            Runner.Result result = await("the hooks are noted")
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> hooks("list"), noted -> noted.out().contains("guard"));

            assertThat(result.out()).contains("guard", "enabled").doesNotContain("which has ended");
        } finally {
            process.destroy();
            process.onExit().join();
        }
        assertThat(hooks("list").out()).contains("guard", "which has ended");
    }

    @Test
    void explain_inWords_saysOrderAndReason() {
        SERVED.run("exec", TWO_HOOKS);

        assertThat(hooks("explain", "BeforeToolExecution").out())
                .startsWith("as of 20")
                .contains("\n1. \"guard\" runs first (band user, priority -100, fail-closed, lua)\n")
                .contains("2. \"late\" runs after \"guard\" because priority 100 comes after -100");
        assertThat(hooks("explain", "AgentError").out()).endsWith("no hook is registered at AgentError\n");
    }

    @Test
    void list_storeWithoutHooks_saysSo() {
        SERVED.run("exec", "State.set('k', 1)");

        Runner.Result result = hooks("list");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).startsWith("no hooks were noted in .llmspell;");
        Map<?, ?> json = json(hooks("list", "--json"));
        assertThat(json.get("as_of")).isNull();
        assertThat((List<?>) json.get("hooks")).isEmpty();
    }

    @Test
    void list_lastRunHadNoHooks_saysSo() {
        SERVED.run("exec", TWO_HOOKS);
        SERVED.run("exec", "print(1)");

        assertThat(hooks("list").out()).startsWith("as of 20").endsWith("which has ended: no hooks\n");
    }

    @Test
    void list_noStore_isAnErrorOfTheEnvironmentAndMakesNone() {
        Runner.Result result = hooks("list");

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.err()).contains("[store_not_found]").doesNotContain("\tat ");
        assertThat(folder.resolve(".llmspell")).doesNotExist();
    }

    @Test
    void points_needNoStore() {
        Runner.Result result = hooks("points");
        Map<?, ?> json = json(hooks("points", "--json"));

        assertThat(result.out())
                .startsWith("POINT ")
                .containsPattern("\nBeforeToolExecution +Tool +before +continue modified cancel .*\n");
        assertThat((List<?>) json.get("points")).hasSizeGreaterThan(60);
        assertThat(folder.resolve(".llmspell")).doesNotExist();
    }

    @Test
    void wrongUse_saysWhatWouldBeRight() throws IOException {
        assertUsage(hooks(), "say what to show: list, explain or points");
        assertUsage(hooks("lst"), "did you mean \"list\"?");
        assertUsage(hooks("explain"), "POINT");
        assertUsage(hooks("explain", "BeforeTolExecution"), "did you mean BeforeToolExecution");
        assertUsage(hooks("list", "--jsn"), "--json");
        Files.writeString(folder.resolve("llmspell.toml"), "[runtime]\ndata_dri = \"x\"\n");
        assertUsage(hooks("list"), "llmspell.toml:2:1: runtime.data_dri");
    }

    private static void assertUsage(Runner.Result result, String text) {
        assertThat(result.exit()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains(text).doesNotContain("\tat ", "Exception");
    }
}
