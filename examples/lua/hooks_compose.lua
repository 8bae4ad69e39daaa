-- Several hooks as one: a jury votes, the first match answers.

local function says(name, words)
  return function(ctx)
    for _, word in ipairs(words) do
      if ctx.data.input:find(word, 1, true) then return Hook.result.cancel(name .. " does not like " .. word) end
    end
  end
end

local jury = Hook.compose("voting", {
  says("the first", {"mud", "rain"}),
  says("the second", {"mud"}),
  says("the third", {"mud", "rain", "snow"}),
}, {threshold = 0.6})
Hook.register("BeforeToolExecution", jury, {name = "jury"})

for _, text in ipairs {"sun", "snow", "rain", "mud"} do
  local ok, result = pcall(Tool.invoke, "text_manipulator", {operation = "uppercase", input = text})
  print(string.format("%-5s %s", text, ok and result.output or "refused: " .. result.reason))
end
