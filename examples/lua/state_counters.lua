-- Counters and other values that many change at once: no update is lost.

State.delete("hits")
State.delete("words")

print("first: " .. State.increment("hits"))
print("by ten: " .. State.increment("hits", 10))
print("of a user: " .. State.increment("user:ann", "hits") - State.get("user:ann", "hits"))

-- update runs its function again if somebody else was faster, so it does nothing but compute.
local function add(word)
  return State.update("words", function(old)
    local words = old or {count = 0, seen = {}}
    words.count = words.count + 1
    words.seen[word] = (words.seen[word] or 0) + 1
    return words
  end)
end
for word in ("to be or not to be"):gmatch("%a+") do
  add(word)
end
local words = State.get("words")
print("words: " .. words.count .. ", to: " .. words.seen.to .. ", not: " .. words.seen["not"])

-- Exact beyond what a floating-point number can hold; such a number comes as text, since a literal would be rounded.
State.set("big", JSON.parse("9007199254740993"))
print("big: " .. tostring(State.increment("big")))

print("a text cannot be counted:", select(2, pcall(function()
  State.set("name", "ann")
  State.increment("name")
end)).code)
