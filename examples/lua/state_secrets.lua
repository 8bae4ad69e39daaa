-- Secrets in state: encrypted in the store, masked in hooks and events, true for whoever may read them.

State.set("vault", "api_key", "hunter2-hunter2")                  -- the name says it: class sensitive
State.set("vault", "db", {host = "db.local", password = "pa55word"}) -- a secret member under a harmless key
State.set("vault", "note", "meet at noon", {class = "sensitive"})  -- or say so yourself

print("a load gives the value: " .. State.get("vault", "api_key") .. ", " .. State.get("vault", "db").password)

-- A hook sees masks. One that it leaves where it stands stands for the secret.
local shown
local mover = Hook.register("BeforeStateWrite", function(ctx)
  local value = ctx.data.value
  shown = value.password
  value.host = "db.example"
  return {type = "modified", data = ctx.data}
end, {name = "move_host"})
State.set("vault", "db", {host = "db.local", password = "pa55word"})
mover:unregister()
local db = State.get("vault", "db")
print("the hook saw: " .. shown)
print("stored: " .. db.host .. ", " .. db.password)

-- Events of sensitive values have no value, others have masks.
for _, event in ipairs(Event.query({event_type = "state.changed"})) do
  local told = event.data.new_value
  print("event: " .. event.data.key .. ", " .. (told and told.password or tostring(told)))
end
