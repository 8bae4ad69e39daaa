-- A tour of LlmSpell: hooks, events, tools, an agent, a workflow and state that lasts.
-- No key, no server: the agent is driven by the offline provider, which says what it is.

local runs = State.increment("quickstart:runs")
print("LlmSpell quickstart, run " .. runs)

-- Everything that happens is an event. This subscription keeps what happens from here on.
local timeline = Event.subscribe("**")

-- A hook that rewrites the input of a tool ...
Hook.register("BeforeToolExecution", function(ctx)
  if ctx.tool_name == "text_manipulator" and ctx.data.operation == "uppercase" then
    ctx.data.input = ctx.data.input .. "!"
    return {type = "modified", data = ctx.data}
  end
end, {name = "cheer", priority = "high"})

-- ... and one that vetoes a call.
Hook.register("BeforeToolExecution", function(ctx)
  if ctx.data.operation == "reverse" then
    return {type = "cancel", reason = "nobody reads backwards"}
  end
end, {name = "no-reversing"})

print("\n1. A tool, through both hooks")
print("   " .. Tool.invoke("text_manipulator", {operation = "uppercase", input = "hello"}).output)
local ok, err = pcall(Tool.invoke, "text_manipulator", {operation = "reverse", input = "hello"})
print("   vetoed: " .. tostring(not ok) .. " (" .. err.reason .. ")")

print("\n2. An agent that uses a tool")
local agent = Agent.create {name = "mathematician", model = "offline/tools", tools = {"calculator"}}
local answer = agent:invoke("calculate 6 * 7")
print("   " .. answer)
print("   tools used: " .. #answer.tool_calls .. ", model: " .. answer.model)

print("\n3. A workflow of tool, agent and function")
local writer = Agent.create {name = "writer", model = "offline/echo"}
local flow = Workflow.sequential {name = "report", steps = {
  {name = "draft", agent = writer, prompt = "On {{input.topic}}"},
  {name = "loud", tool = "text_manipulator", input = {operation = "uppercase", input = "$draft"}},
  {name = "keep", execute = function(ctx)
    State.set("workflow:report", "last", ctx.steps.loud.output)
    return #ctx.steps.loud.output
  end},
}}
local result = flow:execute {topic = "tides"}
print("   success: " .. tostring(result.success) .. ", kept: " .. State.get("workflow:report", "last"))

print("\n4. State that lasts")
if runs == 1 then
  print("   this is the first run; run me again")
else
  print("   run " .. (runs - 1) .. " left a note: " .. State.get("quickstart:note"))
end
State.set("quickstart:note", "hello from run " .. runs)

local events = timeline:receive_batch {max_events = 500, timeout_ms = 100}
local id = events[#events].correlation_id
print("\n5. What happened in the run with correlation id " .. id)
for _, event in ipairs(events) do
  local ended = event.type:match("%.completed$") or event.type:match("%.failed$")
  if event.correlation_id == id and ended then
    print(string.format("   %-24s %s", event.type, event.source.component))
  end
end
