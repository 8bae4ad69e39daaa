-- An agent that remembers: what was said is kept under its name, across restarts. Run it twice.

local agent = Agent.create {name = "guide", model = "offline/echo"}
if agent:load_state() then
  print("welcome back")
else
  print("nice to meet you")
end

-- What the model is told shows what the agent remembers.
Hook.register("agent_model_request", function(ctx)
  print("  the model reads " .. #ctx.data.messages .. " messages")
end)

print(agent:invoke("my name is Ada"))

-- A hook sees the record before it is written, and may change it or refuse the save.
Hook.register("agent_state_save", function(ctx)
  local record = ctx.data
  print("  saving " .. #record.conversation .. " messages, " .. record.usage.input_tokens .. " tokens read so far")
end)
agent:save_state()

-- A stop saves too, and returns when that is done.
agent:start()
agent:invoke("good bye")
agent:stop()
