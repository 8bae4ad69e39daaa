-- Agents: driven by the offline provider, which is deterministic and says what it is.

local echo = Agent.create {name = "echo", model = "offline/echo"}
print(echo:invoke("hello"))

local clerk = Agent.create {
  name = "clerk",
  model = "offline/tools",
  system_prompt = "You compute.",
  tools = {"calculator", "text_manipulator"},
}
local answer = clerk:invoke("calculate (1 + 2) * 14")
print(answer)
for _, call in ipairs(answer.tool_calls) do
  print("  used " .. call.tool)
end
print("  tokens: " .. answer.usage.total_tokens .. ", finished: " .. answer.finish_reason)

-- A hook sees each call of the model, and can refuse it.
Hook.register("agent_model_request", function(ctx)
  return {type = "cancel", reason = "no more calls today"}
end)
local ok, err = pcall(clerk.invoke, clerk, "calculate 1 + 1")
print(ok, err.code)

for _, row in ipairs(Agent.list()) do
  print(row.name, row.type, row.state, row.model)
end

local _, unknown = pcall(Agent.create, {name = "x", model = "nowhere/model"})
print(unknown.code)
