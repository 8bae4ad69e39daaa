-- Sessions: a span of work with state of its own, checkpoints of it, and an end that cleans up.

local session = Session.start {name = "import", metadata = {user = "ann"}}
print(session.name .. " is " .. session.status)

-- The scope text "session" is the current session; session:get and session:set are short for it.
State.set("session", "rows", 100)
session:set("errors", 0)
session:checkpoint("clean")

session:set("rows", 250)
session:set("errors", 17)
session:set("last_error", "line 212: not a number")
print("went wrong: " .. session:get("errors") .. " errors")

session:restore("clean")
print("put back: " .. session:get("rows") .. " rows, " .. session:get("errors") .. " errors, "
  .. tostring(session:get("last_error")))

-- A hook has the last word before a session ends.
local guard = Hook.register("SessionEnd", function(ctx)
  return {type = "cancel", reason = #ctx.data.keys .. " keys are not exported yet"}
end)
local ok, err = pcall(session.finish, session)
print(tostring(ok) .. ": " .. err.reason)
guard:unregister()

session:finish()
print(session.name .. " is " .. session.status .. ", " .. #State.list("session:" .. session.id) .. " keys left")
local _, closed = pcall(session.get, session, "rows")
print(closed.code)

-- Without a session started, a script has one of its own, which ends with it.
State.set("session", "scratch", "gone when the script ends")
print(Session.current():get("scratch"))
