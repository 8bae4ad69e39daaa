-- What hooks can decide: all nine results, on one tool.

Tool.register {
  name = "greet",
  description = "Greets somebody.",
  parameters = {{name = "who", type = "string", required = true}},
  execute = function(params)
    if params.who == "nobody" then error("there is nobody to greet") end
    return "Hello, " .. params.who .. "!"
  end,
}

Tool.register {
  name = "salute",
  description = "The same, in one language more.",
  parameters = {{name = "who", type = "string", required = true}},
  execute = function(params) return "Salut, " .. params.who .. "!" end,
}

local function greet(who)
  local ok, result = pcall(Tool.invoke, "greet", {who = who})
  if not ok then return "refused: " .. result.reason end
  if not result.success then return "failed:" .. result.error.message:match("[^:]+$") end
  local forks = result.metadata and result.metadata.forks
  return result.output .. (forks and " (beside it: " .. forks["fork-1"].result .. ")" or "")
end

local function try(title, point, decide, who)
  local hook = Hook.register(point, decide, {name = title})
  print(string.format("%-9s %s", title, greet(who or "Ada")))
  hook:unregister()
end

local function only(result)
  return function(ctx) if ctx.tool_name == "greet" then return result end end
end

try("continue", "BeforeToolExecution", only("continue"))
try("skipped", "BeforeToolExecution", only(Hook.result.skipped("not my business")))
try("modified", "BeforeToolExecution", only {type = "modified", data = {who = "Grace"}})
try("cancel", "BeforeToolExecution", only(Hook.result.cancel("no greetings today")))
try("replace", "BeforeToolExecution", only {type = "replace", data = {result = "Good night."}})
try("redirect", "BeforeToolExecution", only(Hook.result.redirect("salute")))
try("cache", "BeforeToolExecution", only {type = "cache", key = "greeting", ttl = 60})
try("fork", "BeforeToolExecution", function(ctx)
  if ctx.tool_name == "greet" then
    return {type = "fork", operations = {{type = "tool", target = "salute", input = {who = "Linus"}}}}
  end
end)

local runs = 0
Hook.register("BeforeToolExecution", function() runs = runs + 1 end, {name = "count"})
try("retry", "ToolError", function(ctx)
  if ctx.attempt < 3 then return {type = "retry", delay_ms = 1, max_attempts = 3} end
end, "nobody")
print("          after " .. runs .. " runs")
