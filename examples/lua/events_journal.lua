-- The journal: events that were published can be asked for, by type, run, source, tag, time and content.

for day, amount in ipairs({12, 250, 7}) do
  Event.publish("order.paid", {day = day, amount = amount}, {correlation_id = "order-" .. day, tags = {"shop"}})
end
Event.publish("order.cancelled", {day = 2, password = "correct horse"}, {correlation_id = "order-2"})

local function show(title, query)
  local lines = {}
  for _, event in ipairs(Event.query(query)) do
    lines[#lines + 1] = event.event_type .. " on day " .. event.data.day
  end
  print(title .. ": " .. table.concat(lines, ", "))
end

show("all orders", {event_type = "order.*"})
show("one run", {correlation_id = "order-2"})
show("large ones", {event_type = "order.paid", filters = {["data.amount"] = {">", 10}}})
show("tagged", {tags = {"shop"}, limit = 2})

local first = Event.query({event_type = "order.paid"})[1]
show("after the first", {event_type = "order.*", after_sequence = first.sequence})

-- What leaves the runtime holds no secrets.
print("password: " .. Event.query({event_type = "order.cancelled"})[1].data.password)

-- The publisher of a persistent event waits until the journal has it for good.
print("persistent: " .. tostring(Event.publish("order.audited", {}, {persistent = true})))
