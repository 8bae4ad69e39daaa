-- Values that end: by a time to live, or with the process.

State.clear()
State.set("global", "offer", "swordfish", {ttl_seconds = 60})
State.set("global", "greeting", "hello")
print("now:", State.get("offer"), State.get("greeting"))

-- Each write says anew how long its value lives.
State.set("global", "offer", "swordfish", {ttl_seconds = 0.2})
while State.exists("offer") do
  Event.run(0.02)
end
print("later:", State.get("offer"), State.get("greeting"))
print("one key is left: " .. tostring(#State.list() == 1))

-- The count of a window: the first increment begins it, the others do not make it longer.
State.set("global", "calls", 0, {ttl_seconds = 60})
for _ = 1, 3 do
  State.increment("calls")
end
print("calls in this minute: " .. State.get("calls"))

-- Keys that begin with temp: or cache: live in memory only, and no event tells of them.
State.set("temp:page", {html = "<p>hi</p>"})
print("in memory: " .. State.get("temp:page").html)
