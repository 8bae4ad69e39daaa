-- Hooks: change an input, refuse a call, change a result, answer in place of a tool.

local function upper(text)
  local ok, result = pcall(Tool.invoke, "text_manipulator", {operation = "uppercase", input = text})
  return ok and result.output or ("refused: " .. result.reason)
end

print("without hooks:   " .. upper("hello"))

local trim = Hook.register("BeforeToolExecution", function(ctx)
  ctx.data.input = ctx.data.input:match("^%s*(.-)%s*$")
  return {type = "modified", data = ctx.data}
end, {name = "trim", priority = "high"})
print("input changed:   " .. upper("   hello   "))

local guard = Hook.register("BeforeToolExecution", function(ctx)
  if #ctx.data.input > 10 then
    return Hook.result.cancel("longer than 10 characters")
  end
end, {name = "guard", on_error = "refuse"})
print("call refused:    " .. upper("hello, wide world"))

local quotes = Hook.register("AfterToolExecution", function(ctx)
  ctx.data.result = "'" .. ctx.data.result .. "'"
  return {type = "modified", data = ctx.data}
end, {name = "quotes"})
print("result changed:  " .. upper("hello"))

local answer = Hook.register("BeforeToolExecution", function(ctx)
  if ctx.data.input == "ping" then
    return {type = "replace", data = {operation = "uppercase", result = "pong"}}
  end
end, {name = "answer", priority = "low"})
print("tool replaced:   " .. upper("ping"))

print("\nrunning order at BeforeToolExecution:")
for _, hook in ipairs(Hook.list("BeforeToolExecution")) do
  print("  " .. hook.name .. " (" .. hook.priority .. ")")
end

guard:disable()
print("\nguard disabled:  " .. upper("hello, wide world"))
for _, handle in ipairs {trim, guard, quotes, answer} do
  handle:unregister()
end
print("all unregistered: " .. upper("  hello"))
