-- Tools: call them, look at them, make one of a function.

print(Tool.calculator{input = "2 ^ 10"}.output)
print(Tool.invoke("text-manipulator", {operation = "snake_case", input = "Hello wide World"}).output)

for _, tool in ipairs(Tool.list()) do
  print(tool.name .. " (" .. tool.category .. ", " .. tool.security_level .. ")")
end

local ok, err = pcall(Tool.invoke, "calculator", {input = 1, colour = "red"})
print(err.code)

local failed = Tool.invoke("calculator", {input = "1 / 0"})
print("success: " .. tostring(failed.success) .. ", " .. failed.error.code)

Tool.register {
  name = "greet",
  description = "Greets someone.",
  parameters = {
    {name = "who", type = "string", required = true, description = "Whom to greet."},
    {name = "times", type = "integer", description = "How often."},
  },
  execute = function(params)
    return {result = ("hello " .. params.who .. " "):rep(params.times or 1)}
  end,
}
print(Tool.invoke("greet", {who = "ann", times = 2}).output)
print(select(2, pcall(Tool.invoke, "greet", {})).code)
