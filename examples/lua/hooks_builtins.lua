-- Hooks that are there already: a rate limit and a cache.

Hook.enable_builtin("rate_limit", {capacity = 3, burst_capacity = 0, refill_rate = 1, refill_interval = "1h"})
for i = 1, 4 do
  local ok, result = pcall(Tool.invoke, "calculator", {input = i .. " * " .. i})
  print(i .. ": " .. (ok and tostring(result.output) or result.code))
end
Hook.disable_builtin("rate_limit")

Hook.enable_builtin("caching", {min_execution_time = "0s"})
local runs = 0
Tool.register {
  name = "slow_square",
  description = "Squares a number, and counts how often.",
  parameters = {{name = "n", type = "number", required = true}},
  execute = function(params)
    runs = runs + 1
    return params.n * params.n
  end,
}
for _ = 1, 3 do print("square of 7: " .. Tool.invoke("slow_square", {n = 7}).output) end
print("runs of the tool: " .. runs)
for _, each in ipairs(Hook.list_builtin()) do
  if each.enabled then print("enabled: " .. each.name) end
end
