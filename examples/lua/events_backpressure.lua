-- Full queues: what happens is up to the subscriber, and every event is accounted for.

local function fill(strategy)
  local sub = Event.subscribe("flood." .. strategy, {max_queue_size = 3, backpressure = strategy, block_timeout_ms = 50})
  local refused = 0
  for n = 1, 5 do
    local ok, err = pcall(Event.publish, "flood." .. strategy, {n = n})
    if not ok then
      refused = refused + 1
      assert(err.code == "event_rejected", err)
    end
  end
  local left = {}
  for _, event in ipairs(Event.receive_batch(sub, {timeout_ms = 0})) do
    left[#left + 1] = event.data.n
  end
  local stats = Event.subscription_stats(sub)
  print(strategy .. ": got " .. table.concat(left, " ") .. ", dropped " .. stats.dropped .. ", refused " .. refused)
  sub:unsubscribe()
end

fill("drop_oldest")
fill("drop_newest")
fill("reject")
fill("block")

local bus = Event.get_stats().event_bus_stats
print("accounts agree: " .. tostring(bus.events_published == bus.events_processed + bus.events_rejected))
