-- A timeline: what happened in one run, in order and with causes.

local function publish(type, component, cause)
  Event.publish(type, {}, {correlation_id = "trip-1", causation_id = cause, source = {component = component}})
  local all = Event.query({correlation_id = "trip-1"})
  return all[#all].id
end

local asked = publish("ticket.request", "traveller")
publish("ticket.response", "counter")
local left = publish("train.started", "train")
publish("train.completed", "train")
publish("refund.wanted", "traveller", left)

local timeline = Event.timeline("trip-1")
for _, entry in ipairs(timeline.entries) do
  local cause = entry.causes[1]
  print(entry.position .. ". " .. string.rep("  ", entry.causality_depth) .. entry.event.event_type
    .. (cause and " (" .. cause.relationship .. ")" or ""))
end
print("the first event has " .. #timeline.entries[1].causes .. " causes; it is " .. tostring(timeline.entries[1].event.id == asked))
print(timeline.stats.events .. " events of " .. timeline.stats.components .. " components")

local roots = Event.timeline({correlation_ids = {"trip-1"}, relationships = {"caused_by"}})
print("told causes: " .. #roots.entries)
