-- Handlers: they run while the script waits; one that fails disturbs nobody.

local failures = {}
Hook.register("EventHandlerError", function(ctx)
  failures[#failures + 1] = ctx.data.event_type
end)

local good = 0
Event.on("mail.*", function() good = good + 1 end)
local bad = Event.on("mail.sent", function() error("no mailbox") end)

Event.publish("mail.sent", {to = "ann"})
Event.publish("mail.read", {by = "ann"})
while good < 2 or #failures < 1 do
  Event.run(0.05)
end
print("the good handler saw " .. good .. " events, the other failed on " .. failures[1])

-- A subscription ends once, and its handler never starts again.
print(bad:unsubscribe(), Event.unsubscribe(bad), Event.unsubscribe_pattern("mail.*"))
print(#Event.list_subscriptions() .. " subscriptions are left")

-- Mistakes are errors with a code and say what would be right.
for _, try in ipairs({
  function() Event.publish("mail..sent") end,
  function() Event.subscribe("mail.[") end,
  function() Event.query({event_typ = "mail.*"}) end,
  function() Event.receive("no-such-id") end,
}) do
  local _, err = pcall(try)
  print(err.code)
end
