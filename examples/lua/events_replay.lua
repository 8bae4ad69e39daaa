-- Replay: events of the journal once more, to a function or to everybody who subscribes.

for level = 1, 4 do
  Event.publish("tank.level", {level = level}, {source = {component = "sensor-7"}})
end

-- To a function: to build up what was missed.
local highest = 0
local count = Event.replay({event_type = "tank.level"}, {to = function(event)
  highest = math.max(highest, event.data.level)
end})
print(count .. " events, highest level " .. highest)

-- To the bus: subscribers get them as new events that say what they repeat.
local sub = Event.subscribe("tank.level")
local again = Event.replay({event_type = "tank.level", filters = {["data.level"] = {">=", 3}}}, {to = "publish"})
for _, event in ipairs(Event.receive_batch(sub, {timeout_ms = 100})) do
  print("level " .. event.data.level .. " from " .. event.source.component
    .. ", a repetition: " .. tostring(event.metadata.replay_of ~= nil))
end
print(again .. " were published again, the journal has " .. #Event.query({event_type = "tank.level"}))
