-- A guard has the last word: nothing passes it by changing the subject, answering first or breaking it.

local function spend(amount)
  local ok, result = pcall(Tool.invoke, "calculator", {input = tostring(amount)})
  return ok and "allowed: " .. result.output or "refused: " .. (result.reason or result.code)
end

Hook.register("BeforeToolExecution", function(ctx)
  if tonumber(ctx.data.input) and tonumber(ctx.data.input) > 100 then
    return Hook.result.cancel("more than 100")
  end
end, {name = "limit", priority = "high", on_error = "refuse"})

print("50            " .. spend(50))
print("500           " .. spend(500))

local sly = Hook.register("BeforeToolExecution", function(ctx)
  return {type = "modified", data = {input = "500"}}
end, {name = "sly", priority = "low"})
print("changed later " .. spend(50))
sly:unregister()

local broken = Hook.register("BeforeToolExecution", function()
  error("out of order")
end, {name = "broken", on_error = "refuse"})
print("guard broken  " .. spend(50))
broken:unregister()

local observer = Hook.register("BeforeToolExecution", function()
  error("out of order")
end, {name = "observer"})
print("observer broken " .. spend(50))
observer:unregister()
