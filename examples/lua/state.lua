-- State: scoped values that survive the script, compare-and-set, batches.

State.set("greeting", {text = "hello", words = {"a", "b"}})
print(State.get("greeting").text .. ", " .. #State.get("greeting").words .. " words")

State.set("user:ann", "language", "de")
State.set("user:bob", "language", "fr")
print(State.get("user:ann", "language"), State.get("user:bob", "language"), State.get("language"))

State.delete("visits")
for _ = 1, 3 do
  State.increment("visits")
end
print("visits: " .. State.get("visits"))

local ok, current = State.compare_and_set("visits", 2, 10)
print("expected 2: " .. tostring(ok) .. ", it is " .. current)
print("expected 3: " .. tostring(State.compare_and_set("visits", 3, 10)))

State.clear("custom:basket")
State.batch {
  {op = "set", scope = "custom:basket", key = "apples", value = 2},
  {op = "set", scope = "custom:basket", key = "pears", value = 5},
}
print("basket: " .. table.concat(State.list("custom:basket"), ", "))

local fine, err = pcall(State.batch, {
  {op = "check", scope = "custom:basket", key = "apples", expected = 99},
  {op = "delete", scope = "custom:basket", key = "pears"},
})
print("all or nothing: " .. tostring(fine) .. ", " .. err.code .. ", pears: " .. State.get("custom:basket", "pears"))

local _, bad = pcall(State.set, "../secrets", 1)
print(bad.code .. ": " .. bad.message)
