-- Batches, filters and throttles: how many events a handler gets, and how fast.

local sizes, sum = {}, 0
Event.on("meter.read", function(events)
  sizes[#sizes + 1] = #events
  for _, event in ipairs(events) do
    sum = sum + event.data.value
  end
end, {batch_size = 4, batch_ms = 100, filter = function(event) return event.data.value > 0 end})

for value = -2, 6 do
  Event.publish("meter.read", {value = value})
end
while sum < 21 do
  Event.run(0.05)
end
print("batches of " .. table.concat(sizes, " and ") .. ", sum " .. sum)

-- At most so many in a second; the others are left out and counted.
local calm = Event.subscribe("tick", {throttle_per_second = 3})
for _ = 1, 10 do
  Event.publish("tick")
end
print(#Event.receive_batch(calm, {timeout_ms = 0}) .. " ticks came, "
  .. Event.subscription_stats(calm).throttled .. " were left out")
