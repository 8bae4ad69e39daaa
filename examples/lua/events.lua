-- Events: publish, subscribe by pattern, receive or handle, and the events of the runtime itself.

local reports = Event.subscribe("report.*")
Event.publish("report.ready", {pages = 3})
Event.publish("report.part.ready", {pages = 1}, {tags = {"draft"}})
Event.publish("other.ready")

for _ = 1, 2 do
  local event = Event.receive(reports, 1000)
  print(event.type .. " has " .. event.data.pages .. " page(s), language " .. event.language)
end
print("nothing else came: " .. tostring(Event.receive(reports, 0)))

-- A handler is called while the script waits, and at its end.
local seen = {}
Event.on("order.{placed,paid}", function(event)
  seen[#seen + 1] = event.type .. " by " .. event.data.who
end)
Event.publish("order.placed", {who = "ann"})
Event.publish("order.cancelled", {who = "bob"})
Event.publish("order.paid", {who = "ann"})
Event.run(0.5)
print(table.concat(seen, ", "))

-- What the runtime does is an event as well; one correlation id ties a run together.
local tools = Event.subscribe("tool.*")
Tool.invoke("calculator", {input = "1 + 1"})
local started, completed = Event.receive(tools), Event.receive(tools)
print(started.type .. ", " .. completed.type .. ", same run: "
  .. tostring(started.correlation_id == completed.correlation_id))

local ok, err = pcall(Event.publish, "no*globs")
print(tostring(ok) .. ": " .. err.code)
