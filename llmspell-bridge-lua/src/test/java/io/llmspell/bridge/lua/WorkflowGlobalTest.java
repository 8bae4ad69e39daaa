package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The global {@code Workflow}. */
final class WorkflowGlobalTest {
    /** The example of the script reference, as it stands there. */
    private static final String EXAMPLE = """
            Hook.register("BeforeToolExecution", function(ctx)
              if #ctx.data.input > 999 then return {type = "cancel", reason = "too long"} end
            end, "high")
            local sub = Event.subscribe("report.*")
            local writer = Agent.create {name = "writer", model = "offline/echo"}
            local run = Workflow.sequential {name = "report", steps = {
              {name = "draft", agent = writer, prompt = "On {{input.topic}}"},
              {name = "loud", tool = "text_manipulator", input = {operation = "uppercase", input = "$draft"}},
              {name = "keep", execute = function(ctx)
                State.set("workflow:report", "last", ctx.steps.loud.output)
                Event.publish("report.ready", {runs = State.increment("runs")})
              end}}}:execute {topic = "tides"}
            print(run.success, State.get("workflow:report", "last"), Event.receive(sub, 1000).data.runs)
            """;

    @Test
    void example_ofTheReference_runsAsItIs() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(EXAMPLE);
            assertThat(scripts.output()).isEqualTo("true\t(OFFLINE/ECHO) ON TIDES\t1\n");
        }
    }

    @Test
    void functionStep_seesTheRun() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = {}",
                            "local w = Workflow.sequential {name = 'w', steps = {",
                            "  {name = 'one', execute = function(ctx) ctx.state.count = 1; return {n = 5} end},",
                            "  {name = 'two', execute = function(ctx)",
                            "    seen = JSON.array {ctx.workflow_name, ctx.step_name, ctx.input.topic, ctx.topic, ctx.steps.one.output.n,",
                            "      ctx.state.count, ctx.shared.count, ctx.attempt, #ctx.correlation_id > 0, #ctx.workflow_id > 0,",
                            "      ctx.absent == nil}",
                            "    return 'done' end}}}",
                            "local r = w:execute {topic = 'tides'}",
                            "return JSON.array {seen, r.success, r.output, r.workflow_name}"))
                    .isEqualTo(list(
                            list("w", "two", "tides", "tides", 5L, 1L, 1L, 1L, true, true, true), true, "done", "w"));
        }
    }

    @Test
    void stepThatFails_failsTheRun_withoutRaising() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local later = false",
                                    "local r = Workflow.sequential {name = 'w', steps = {",
                                    "  {name = 'bad', execute = function() error('broken step') end},",
                                    "  {name = 'later', execute = function() later = true end}}}:execute()",
                                    "return JSON.array {r.success, r.failed_step, r.error.message:match('broken step'), later}"))
                    .isEqualTo(list(false, "bad", "broken step", false));
        }
    }

    @Test
    void steps_ofEveryKind_work() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local inner = Workflow.sequential {name = 'inner', steps = {",
                            "  {name = 'x', execute = function(ctx) return 'inner saw ' .. ctx.input.v end}}}",
                            "Agent.create {name = 'named', model = 'offline/echo'}",
                            "local r = Workflow.sequential {name = 'outer', steps = {",
                            "  {name = 'byname', agent = 'named', prompt = 'hi {{input.v}}'},",
                            "  {name = 'handle', tool = Tool.calculator, input = {input = '{{input.v}} * 2'}},",
                            "  {name = 'nested', workflow = inner, input = {v = '$handle'}}}}:execute {v = 21}",
                            "return JSON.array {r.success, r.outputs.byname, r.outputs.handle, r.outputs.nested}"))
                    .isEqualTo(list(true, "(offline/echo) hi 21", 42L, "inner saw 42"));
        }
    }

    @Test
    void registry_ofTheScript_listsGetsAndRemoves() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local f = function() return 1 end",
                                    "local a = Workflow.sequential {name = 'a', steps = {{name = 's', execute = f}}}",
                                    "local b = Workflow.sequential {name = 'b', steps = {{name = 's', execute = f}}}",
                                    "return JSON.array {#Workflow.list(), Workflow.list()[1].name, Workflow.get('b') == b, Workflow.get(a.id) == a,",
                                    "  Workflow.get('c') == nil, a.type, a.name, a:get_info().name, Workflow.execute('a').output,",
                                    "  Workflow.execute(b).output, Workflow.remove('a'), Workflow.remove('a'), Workflow.clear(), Workflow.clear()}"))
                    .isEqualTo(list(2L, "a", true, true, true, "sequential", "a", "a", 1L, 1L, true, false, 1L, 0L));
            assertThat(scripts.run("return #Workflow.list()")).isEqualTo(0L);
            assertThat(scripts.failure("Workflow.execute('nobody')", "code")).isEqualTo("workflow_not_found");
        }
    }

    @Test
    void definition_thatIsWrong_isRefusedAtCreation() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("Workflow.sequential {name = 'w', steps = {{name = 's'}}}", "code"))
                    .isEqualTo("invalid_workflow");
            assertThat(scripts.failure("Workflow.sequential {name = 'w'}", "code"))
                    .isEqualTo("invalid_workflow");
            assertThat(scripts.failure("Workflow.sequential('w')", "code")).isEqualTo("invalid_argument");
        }
    }

    @Test
    void hooks_ofStages_seeAndVetoSteps() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local stages = JSON.array()",
                            "Hook.register('BeforeWorkflowStage', function(ctx) stages[#stages + 1] = ctx.stage_name",
                            "  if ctx.stage_name == 'two' then return {type = 'cancel', reason = 'enough'} end end)",
                            "local r = Workflow.sequential {name = 'w', steps = {{name = 'one', execute = function() return 1 end},",
                            "  {name = 'two', execute = function() return 2 end}}}:execute()",
                            "return JSON.array {stages, r.success, r.failed_step, r.outputs.one}"))
                    .isEqualTo(list(List.of("one", "two"), false, "two", 1L));
        }
    }

    @Test
    void workflow_inAnotherThreadsRun_ofJava_usesTheScriptsFunctions() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local w = Workflow.sequential {name = 'w', steps = {{name = 's', tool = 'use_state', input = {}}}}",
                            "Tool.register {name = 'use_state', execute = function() return {result = State.increment('n')} end}",
                            "w:execute(); w:execute()",
                            "return State.get('n')"))
                    .isEqualTo(2L);
        }
    }
}
