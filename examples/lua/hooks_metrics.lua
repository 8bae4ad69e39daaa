-- What hooks cost, and what their breakers do.

Hook.register("BeforeToolExecution", function() end, {name = "good"})
Hook.register("BeforeToolExecution", function() error("again") end, {name = "bad"})
for i = 1, 5 do Tool.invoke("calculator", {input = tostring(i)}) end

for _, name in ipairs {"good", "bad"} do
  local m = Hook.metrics(name)
  print(name, "ran " .. m.count, "failed " .. m.failures, "not started " .. m.not_started, m.breaker)
end
print(Hook.explain("BeforeToolExecution").text)
