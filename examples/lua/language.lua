-- The language: Lua 5.2 with what Lua 5.4 added.

-- Integers and floats: `/` and `^` give floats, `//` rounds down.
print(7 / 2, 7 // 2, -7 // 2, 7.0 // 2, 10 / 2, 2 ^ 10)
print(math.type(3), math.type(3.0), 3 == 3.0, math.tointeger(3.0), 7 % -3)

-- Bits of 64-bit integers.
local flags = 1 << 3 | 1 << 1
print(flags, flags & 8 ~= 0, flags ~ 2, ~flags & 0xff, flags >> 1)

-- A constant cannot be assigned to; that is refused when the script is loaded.
local limit <const> = 2
print(limit, (select(2, load("local x <const> = 1; x = 2", "=text"))))

-- A closing variable is closed on every way out of its block, in reverse order.
local function open(name)
  print("open", name)
  return setmetatable({}, {__close = function(_, err) print("close", name, err) end})
end

for i = 1, 3 do
  local item <close> = open("item " .. i)
  if i == limit then break end
end

print(pcall(function()
  local first <close> = open("first")
  local second <close> = open("second")
  error("no more", 0)
end))

local work = coroutine.create(function()
  local inside <close> = open("inside")
  coroutine.yield("waiting")
end)
print(coroutine.resume(work))
print(coroutine.close(work), coroutine.status(work))

-- Operators of your own types.
local Path = {}
Path.__idiv = function(a, b) return setmetatable({text = a.text .. "/" .. b}, Path) end
Path.__tostring = function(self) return self.text end
print(setmetatable({text = "data"}, Path) // "2026" // "11")

-- Values as bytes.
local record = string.pack("<I2 s1 d", 513, "name", 0.5)
print(#record, record:byte(1, 2))
print(string.unpack("<I2 s1 d", record))

-- State keeps the kind of a number.
State.set("ratio", 10 / 2)
State.set("count", 10 // 2)
print(State.get("ratio"), State.get("count"))
