package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The figures of hooks as scripts see them: {@code Hook.metrics}, {@code handle:metrics}, the breaker in lists. */
final class HookMetricsTest {
    private static final String TWO_POINTS = "local n = 0 "
            + "local h = Hook.register('BeforeToolExecution', function() n = n + 1 if n > 3 then return 'skip' end end, {name = 'x'}) "
            + "Hook.register('AfterToolExecution', function() end, {name = 'x'}) "
            + "for i = 1, 5 do Tool.calculator {input = '1'} end ";

    @Test
    void metrics_byName_sumsThePoints() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            TWO_POINTS,
                            "local m = Hook.metrics('x')",
                            "return JSON.array {m.count, m.failures, m.skipped, m.not_started, m.breaker,"
                                    + " m.by_point.BeforeToolExecution.count, m.by_point.AfterToolExecution.skipped}"))
                    .isEqualTo(list(10L, 0L, 2L, 0L, "closed", 5L, 0L));
        }
    }

    @Test
    void metrics_times_areOrderedAndNotNegative() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            TWO_POINTS,
                            "local m = Hook.metrics('x')",
                            "return JSON.array {m.min_ms >= 0, m.min_ms <= m.avg_ms, m.avg_ms <= m.max_ms,"
                                    + " m.p50_ms <= m.p95_ms, m.p95_ms <= m.p99_ms, m.total_ms >= m.max_ms,"
                                    + " m.overhead_percent >= 0}"))
                    .isEqualTo(list(true, true, true, true, true, true, true));
        }
    }

    @Test
    void metrics_ofAHandle_areItsOwnAlsoAfterItsEnd() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            TWO_POINTS,
                            "local before = h:metrics().count",
                            "h:unregister()",
                            "return JSON.array {before, h:metrics().count, h:metrics().skipped}"))
                    .isEqualTo(list(5L, 5L, 2L));
        }
    }

    @Test
    void metrics_withoutName_areAMap() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            TWO_POINTS,
                            "Hook.register('ToolError', function() end, {name = 'idle'})",
                            "local all = Hook.metrics()",
                            "return JSON.array {all.x.count, all.idle.count, all.none == nil}"))
                    .isEqualTo(list(10L, 0L, true));
        }
    }

    @Test
    void metrics_unknownName_namesTheNearest() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run("Hook.register('ToolError', function() end, {name = 'guard'})");
            assertThat(scripts.failure("Hook.metrics('gaurd')", "code")).isEqualTo("hook_not_found");
            assertThat(scripts.run(
                            "Hook.register('ToolError', function() end, {name = 'guard'})",
                            "local ok, e = pcall(Hook.metrics, 'gaurd')",
                            "return e.message"))
                    .asString()
                    .contains("gaurd", "guard");
        }
    }

    @Test
    void breaker_ofAHookThatFails_opensAndShows() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local h = Hook.register('BeforeToolExecution', function() error('broken') end, {name = 'bad'})",
                                    "for i = 1, 5 do Tool.calculator {input = '1'} end",
                                    "local m = h:metrics()",
                                    "return JSON.array {m.count, m.failures, m.not_started, m.breaker, Hook.list {name = 'bad'}[1].breaker,"
                                            + " Hook.explain('BeforeToolExecution').hooks[1].breaker, m.last_error:match('broken')}"))
                    .isEqualTo(list(3L, 3L, 2L, "open", "open", "open", "broken"));
        }
    }

    @Test
    void context_saysWhetherHooksTakeTooMuch() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen",
                            "Hook.register('BeforeToolExecution', function(ctx) seen = ctx.performance_warning end)",
                            "Tool.calculator {input = '1'}",
                            "return seen"))
                    .isEqualTo(false);
        }
    }
}
