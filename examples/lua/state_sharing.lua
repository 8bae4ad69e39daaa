-- Sharing: what agents may use of each other, by grant, and the audit log of it.

Tool.register {
  name = "notes",
  description = "Reads or writes a note in a scope",
  execute = function(params)
    local ok, result
    if params.text then
      ok, result = pcall(State.set, params.scope, "note", params.text)
    else
      ok, result = pcall(State.get, params.scope, "note")
    end
    if not ok then
      return {note = "refused, " .. result.code}
    end
    return {note = params.text or result}
  end,
}

-- This script may use every scope. What runs for an agent may use the agent's own scope, "global", and what it is granted.
local ann = Agent.create {name = "ann", provider = "offline", model = "echo", tools = {"notes"}}
local bob = Agent.create {name = "bob", provider = "offline", model = "echo", tools = {"notes"}}
local hers = "agent:" .. ann.id

local function use(agent, params)
  return agent:invoke_tool("notes", params).result.note
end

print("ann writes:   " .. use(ann, {scope = hers, text = "buy milk"}))
print("bob reads:    " .. use(bob, {scope = hers}))

State.grant(hers, bob, {access = "read", ttl_seconds = 60})
print("with a grant: " .. use(bob, {scope = hers}))
print("bob writes:   " .. use(bob, {scope = hers, text = "buy beer"}))

print("revoked:      " .. tostring(State.revoke(hers, "bob")))
print("bob reads:    " .. use(bob, {scope = hers}))

-- Attempts that are alike and come within a second are one record with their number.
local tries = {}
for _, record in ipairs(State.audit {agent = bob}) do
  local what = record.operation .. (record.allowed and " allowed by " or " refused: ") .. record.reason
  tries[what] = (tries[what] or 0) + record.count
end
print("what the audit log says of bob:")
for _, what in ipairs {"read allowed by grant", "read refused: no grant", "write refused: no grant"} do
  print("  " .. what .. ", " .. tries[what])
end

State.clear(hers)
