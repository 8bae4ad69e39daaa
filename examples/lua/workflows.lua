-- Workflows: steps of tools, agents and functions, one after the other.

local writer = Agent.create {name = "writer", model = "offline/echo"}
local report = Workflow.sequential {
  name = "report",
  steps = {
    {name = "draft", agent = writer, prompt = "On {{input.topic}}"},
    {name = "loud", tool = "text_manipulator", input = {operation = "uppercase", input = "$draft"}},
    {name = "count", execute = function(ctx)
      ctx.state.length = #ctx.steps.loud.output
      return {success = true, output = "has " .. ctx.state.length .. " characters"}
    end},
  },
}

local result = report:execute {topic = "tides"}
print(result.success, result.workflow_type, result.last_completed_step)
for _, step in ipairs {"draft", "loud", "count"} do
  print("  " .. step .. ": " .. result.outputs[step])
end

-- A failure is in the result, with the step that failed.
local broken = Workflow.sequential {
  name = "broken",
  steps = {
    {name = "first", tool = "calculator", input = {input = "20 + 1"}},
    {name = "second", execute = function() error("out of paper") end},
    {name = "third", tool = "calculator", input = {input = "1 + 1"}},
  },
}
local failure = Workflow.execute(broken)
print(failure.success, failure.failed_step, failure.outputs.first, failure.outputs.third)

local ok, err = pcall(Workflow.sequential, {name = "empty", steps = {{name = "nothing"}}})
print(ok, err.code)
