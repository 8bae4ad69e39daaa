-- Several keys change together or not at all; a check makes the change depend on what is there.

State.batch {
  {op = "set", scope = "user:ann", key = "credit", value = 10},
  {op = "set", scope = "user:bob", key = "credit", value = 0},
}

local function pay(from, to, amount)
  local mine, theirs = State.get(from, "credit"), State.get(to, "credit")
  if mine < amount then
    return false, "no credit"
  end
  local ok, answer = pcall(State.batch, {
    {op = "check", scope = from, key = "credit", expected = mine},
    {op = "set", scope = from, key = "credit", value = mine - amount},
    {op = "set", scope = to, key = "credit", value = theirs + amount},
  })
  return ok, ok and "paid" or answer.code
end

print("pay 4:", pay("user:ann", "user:bob", 4))
print("pay 40:", pay("user:ann", "user:bob", 40))
print("credit:", State.get("user:ann", "credit"), State.get("user:bob", "credit"))

-- One change of a batch is refused, so none is made.
local _, err = pcall(State.batch, {
  {op = "set", scope = "user:ann", key = "credit", value = 1000},
  {op = "check", scope = "user:bob", key = "credit", expected = 1000},
})
print("refused: " .. err.code)
print("credit:", State.get("user:ann", "credit"), State.get("user:bob", "credit"))
