-- What values of state must be like, and what became of the writes.

Hook.enable_builtin("state_validation", {rules = {
  {scope = "custom:team:*", keys = "profile:*", schema = {
    type = "object",
    required = {"name", "age"},
    properties = {name = {type = "string"}, age = {type = "integer", minimum = 0}},
  }},
  {scope = "custom:team:*", keys = "note:*", max_bytes = 20},
}})
Hook.enable_builtin("state_metrics", {reads = true})

local function try(key, value)
  local ok, problem = pcall(State.set, "custom:team:red", key, value)
  print(key .. ": " .. (ok and "stored" or problem.code .. "\n  " .. problem.details.reason))
end

try("profile:ann", {name = "Ann", age = 30})
try("profile:bob", {name = 7, age = -1})
try("note:short", "buy milk")
try("note:long", "buy milk and bread and butter")

-- A hook behind the rules may change a value, but the rules have the last word.
local handle = Hook.register("state_change", function(ctx)
  local data = ctx.data
  data.value = {name = "Ann"}
  return {type = "modified", data = data}
end, {name = "forgetful"})
try("profile:ann", {name = "Ann", age = 31})
handle:unregister()

print("Ann is " .. State.get("custom:team:red", "profile:ann").age)
local checks = Hook.builtin_statistics("state_validation")
print("checked " .. checks.checked .. ", refused " .. checks.refused)
local sets = Hook.builtin_statistics("state_metrics").operations.custom.standard.set
print("stored " .. sets.done .. ", refused " .. sets.refused)
