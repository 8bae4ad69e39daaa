-- A watch: a function hears of the changes of a scope, one at a time and in the order of their commits.

State.clear("custom:shop")

local watch = State.watch("custom:shop", "stock_*", function(e)
  print(e.key .. ": " .. tostring(e.old_value) .. " -> " .. tostring(e.new_value))
  if e.new_value and e.new_value < 2 then
    State.set("custom:shop", "reorder", e.key) -- another key, which the pattern does not fit
  end
end)

State.batch {
  {op = "set", scope = "custom:shop", key = "stock_apples", value = 3},
  {op = "set", scope = "custom:shop", key = "stock_pears", value = 8},
}
State.increment("custom:shop", "stock_apples", -2)
State.set("custom:shop", "manager", "ann")
State.delete("custom:shop", "stock_pears")

while watch:stats().handled < 4 do
  Event.run(0.01)
end
print("reorder: " .. State.get("custom:shop", "reorder"))

print("ended: " .. tostring(watch:unsubscribe()))
State.set("custom:shop", "stock_plums", 1)
print("heard of: " .. watch:stats().handled)
