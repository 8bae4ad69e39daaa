-- Runs after each build, with a data folder of its own and its output thrown away: what it makes the runner load goes
-- into the archive of classes. So it does a little of what scripts commonly do.
print("training", 1, 1.5, true, nil, #ARGS)
print(string.format("%d %s %5.2f", 1, "text", 2.5), ("a,b"):gsub(",", ";"), table.concat({1, 2, 3}, " "), math.floor(2.5))
print(pcall(error, "expected"), tostring(os.time()), os.date("%Y"))

local timeline = Event.subscribe("**")
Hook.register("BeforeToolExecution", function(ctx)
  if ctx.data.operation == "uppercase" then
    ctx.data.input = ctx.data.input .. "!"
    return {type = "modified", data = ctx.data}
  end
end, {name = "cheer", priority = "high"})
print(Tool.invoke("text_manipulator", {operation = "uppercase", input = "hello"}).output)
print(Agent.create {name = "mathematician", model = "offline/tools", tools = {"calculator"}}:invoke("calculate 6 * 7"))
print(Workflow.sequential {name = "report", steps = {
  {name = "loud", tool = "text_manipulator", input = {operation = "uppercase", input = "text"}},
  {name = "keep", execute = function(ctx) return #ctx.steps.loud.output end},
}}:execute {topic = "training"}.success)
State.set("training", {runs = State.increment("training:runs"), before = State.get("training")})
print(JSON.stringify(State.get("training")), JSON.parse('{"a": [1, 2]}').a[2])
print(#timeline:receive_batch {max_events = 500, timeout_ms = 10})
