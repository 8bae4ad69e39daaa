-- One check a line: an expression that must be true. Lines that begin with "--" are headings.
-- base: types and conversion
type(nil) == "nil" and type(true) == "boolean" and type(1) == "number" and type("") == "string"
type({}) == "table" and type(print) == "function" and type(coroutine.create(print)) == "thread"
not pcall(type)
tostring(nil) == "nil" and tostring(true) == "true" and tostring(12) == "12"
tostring(setmetatable({}, {__tostring = function() return "me" end})) == "me"
tostring(setmetatable({}, {__name = "Money"})):match("^Money: 0x%x+$") ~= nil
not pcall(tostring, setmetatable({}, {__tostring = function() return {} end}))
tonumber("10") == 10 and tonumber("0x1F") == 31 and tonumber("  1e1  ") == 10 and tonumber("0x.8p1") == 1
tonumber("") == nil and tonumber("x") == nil and tonumber("1 2") == nil and tonumber("nan") == nil and tonumber("inf") == nil
tonumber("3d") == nil and tonumber("1e") == nil and tonumber("0x") == nil and tonumber("1_000") == nil
tonumber("ff", 16) == 255 and tonumber("-zz", 36) == -1295 and tonumber("8", 8) == nil and tonumber("1.5", 10) == nil
tonumber({}) == nil and not pcall(tonumber)
not pcall(tonumber, "1", 37)
-- base: numbers as text
tostring(2^53) == "9.007199254741e+15" and tostring(1e15) == "1e+15" and tostring(-9007199254740992) == "-9007199254740992" and tostring(math.tointeger(2^53)) == "9007199254740992"
tostring(1e100) == "1e+100" and tostring(2^63) == "9.2233720368548e+18" and tostring(1/3) == "0.33333333333333"
tostring(0.1) == "0.1" and tostring(1e-5) == "1e-05" and tostring(123456.789) == "123456.789" and tostring(-0.5) == "-0.5"
tostring(3.14159265358979) == "3.1415926535898" and tostring(100.25) == "100.25" and tostring(1e300 * 1e10) == "inf"
tostring(1/0) == "inf" and tostring(-1/0) == "-inf" and tostring(0/0) == "nan"
("" .. 1.5) == "1.5" and (1 .. "") == "1" and (0.1 .. "|" .. 1e100 .. "|" .. 10/2) == "0.1|1e+100|5.0"
"10" + 5 == 15 and "0x10" * 2 == 32 and "3" ^ "2" == 9 and -"2" == -2 and 10 .. 20 == "1020"
not pcall(function() return "a" + 1 end) and not pcall(function() return {} + 1 end)
-- operators
7 % 3 == 1 and -7 % 3 == 2 and 7 % -3 == -2 and -7 % -3 == -1 and 5.5 % 2 == 1.5
5 % math.huge == 5 and (0/0 ~= 0/0) and 1/0 > 0 and -1/0 < 0
2^10 == 1024 and 2^0.5 == math.sqrt(2) and 2^-1 == 0.5 and -2^2 == -4 and 2^3^2 == 512
math.abs(10^0.3 - 1.9952623149688795) < 1e-15
10 / 2 == 5 and 7 / 2 == 3.5 and 1 == 1.0 and not (1 == "1") and "a" ~= "b"
"a" < "b" and "a" <= "a" and "Z" < "a" and "" < "a" and "a" < "ab" and "\127" < "\128" and not ("\200" < "a")
not pcall(function() return 1 < "2" end) and not pcall(function() return {} < {} end) and not pcall(function() return nil < 1 end)
2147483647 + 1 == 2147483648 and 2147483647 * 2147483647 == 2147483647 ^ 2 and -2147483648 - 1 == -2147483649
(nil and 1) == nil and (false or 2) == 2 and (1 and 2) == 2 and not nil and not not 0
#"abc" == 3 and #{1, 2, 3} == 3 and #"" == 0 and #"é" == 2
-- statements
(function() local s = 0 for i = 1, 3 do s = s + i end return s end)() == 6
(function() local s = "" for i = 3, 1, -1 do s = s .. i end return s end)() == "321"
(function() local n = 0 for i = 1, 0 do n = n + 1 end for i = 1, 2, 0.5 do n = n + 1 end return n end)() == 3
(function() local n = 0 for i = 2147483646, 2147483647 do n = n + 1 end return n end)() == 2
not pcall(function() for i = 1, "x" do end end)
(function() local i = 0 repeat local j = i i = i + 1 until j >= 4 return i end)() == 5
(function() local n = 0 while true do n = n + 1 if n == 5 then break end end return n end)() == 5
(function() for i = 1, 3 do for j = 1, 3 do if j == 2 then goto continue end end ::continue:: end return true end)()
(function() local a, b, c = (function() return 1, 2, 3 end)() return a + b + c end)() == 6
(function() local a, b = ((function() return 1, 2 end)()) return b end)() == nil
(function(...) return select("#", ...) end)(nil, nil) == 2 and (function(a, ...) local x, y = ... return x + y end)(0, 1, 2) == 3
(function() local t = {(function() return 1, 2, 3 end)(), (function() return 1, 2, 3 end)()} return #t end)() == 4
(function() local f = {} for i = 1, 3 do f[i] = function() i = i + 1 return i end end return f[1]() + f[1]() + f[2]() end)() == 8
(function() local n = 0 local function f(i) if i == 0 then return "done" end return f(i - 1) end return f(300000) end)() == "done"
(function() local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end return depth(100000) end)() == 100000
(function() local t = {} t.x, t.y = 1, 2 t.x, t.y = t.y, t.x return t.x == 2 and t.y == 1 end)()
(function() local function f() return 1, 2, 3 end local t = {f(), f(), x = f()} return #t == 2 and t.x == 1 end)()
(function() local t = {[1] = "a", "b"; "c", n = 3} return t[1] == "b" and t[2] == "c" and t.n == 3 end)()
(function() local s = 0 for k, v in pairs({10, 20, x = 30}) do s = s + v end return s end)() == 60
(function() local up = 1 local function inc() up = up + 1 return up end inc() inc() return up end)() == 3
-- metatables
setmetatable({}, {__index = {x = 1}}).x == 1 and setmetatable({}, {__index = function(_, k) return k .. "!" end}).a == "a!"
(function() local log = {} local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v * 2) end}) t.a = 2 t.a = 3 return t.a end)() == 3
(function() local p = {} local t = setmetatable({}, {__newindex = p}) t.a = 1 return rawget(t, "a") == nil and p.a == 1 end)()
setmetatable({}, {__call = function(_, a, b) return a + b end})(1, 2) == 3
setmetatable({}, {__add = function(a, b) return "add" end}) + 1 == "add" and 1 - setmetatable({}, {__sub = function() return "sub" end}) == "sub"
-setmetatable({}, {__unm = function() return 5 end}) == 5 and #setmetatable({}, {__len = function() return 42 end}) == 42
setmetatable({}, {__concat = function() return "cat" end}) .. 1 == "cat" and 1 .. setmetatable({}, {__concat = function(a) return a end}) == 1
(function() local mt = {__eq = function() return true end} return setmetatable({}, mt) == setmetatable({}, mt) and {} ~= {} end)()
(function() local mt = {__lt = function(a, b) return a.v < b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) return a < b and a <= b and not (b <= a) end)()
(function() local mt = {__le = function(a, b) return a.v <= b.v end} local a = setmetatable({v = 1}, mt) return a <= a end)()
getmetatable(setmetatable({}, {__metatable = "locked"})) == "locked" and not pcall(setmetatable, setmetatable({}, {__metatable = 1}), {})
getmetatable("") == false and ("x"):rep(3) == "xxx" and ("%d"):format(3) == "3" and ("abc").len == string.len
(function() local r = {} for k, v in pairs(setmetatable({}, {__pairs = function() return function(_, k) if not k then return 1, 2 end end end})) do r[k] = v end return r[1] end)() == 2
rawequal(setmetatable({}, {__eq = function() return true end}), {}) == false and rawlen({1, 2}) == 2 and rawlen("abc") == 3
rawget(setmetatable({}, {__index = {x = 1}}), "x") == nil and not pcall(rawset, {}, nil, 1) and not pcall(rawset, {}, 0/0, 1)
not pcall(function() local t = {} t[nil] = 1 end) and not pcall(function() local t = {} t[0/0] = 1 end) and ({})[nil] == nil
-- base: calls and errors
select(2, "a", "b", "c") == "b" and select(-1, "a", "b") == "b" and select("#") == 0 and not pcall(select, 0)
pcall(error) == false and select(2, pcall(error, "x", 0)) == "x" and select(2, pcall(error, nil)) == nil
(function() local t = {} return select(2, pcall(error, t)) == t end)()
select(2, pcall(function() error("boom") end)) == "conformance:1: boom"
select(2, pcall(function() local function f() error("boom", 2) end f() end)):find("boom", 1, true) ~= nil
select(2, pcall(assert, false)):match("assertion failed!$") ~= nil and select(2, pcall(assert, nil, "why")) == "why" and assert(1, 2) == 1
select("#", pcall(function() return 1, nil, nil end)) == 4
select(2, xpcall(function() error("a", 0) end, function(m) return m .. "b" end)) == "ab" and xpcall(function(x) return x end, print, 1)
select(2, xpcall(function() error() end, function() error("again") end)) == "error in error handling"
(function() local ok, e = pcall(function() return pcall(error, "in") end) return ok and e == false end)()
select(2, pcall(function() local x x.y = 1 end)):match("attempt to index a nil value %(local 'x'%)$") ~= nil
select(2, pcall(function() return undefined.field end)):match("%(global 'undefined'%)$") ~= nil
select(2, pcall(function() local t = {} t.a.b = 1 end)):match("%(field 'a'%)$") ~= nil
select(2, pcall(function() local t = {} t:go() end)):match("attempt to call a nil value %(method 'go'%)$") ~= nil
select(2, pcall(function() return ("x").y.z end)):match("%(field 'y'%)$") ~= nil
select(2, pcall(function() return 1 + nil end)):match("arithmetic on a nil value") ~= nil
select(2, pcall(function() local s = "a" return s .. {} end)):match("concatenate a table value") ~= nil
select(2, pcall(function() return #5 end)):match("length of a number value") ~= nil
select(2, pcall(function() return {} < 1 end)):match("attempt to compare table with number$") ~= nil
select(2, pcall(string.rep)):match("bad argument #1 to 'rep' %(string expected, got no value%)$") ~= nil
select(2, pcall(ipairs)):match("bad argument #1 to 'ipairs'") ~= nil
select(2, pcall(setmetatable, 1, {})):match("table expected, got number") ~= nil
next({}) == nil and next({5}) == 1 and select(2, next({5})) == 5 and not pcall(next, {}, "nokey")
(function() local t, n = {1, 2, 3, x = 1}, 0 for k in pairs(t) do t[k] = nil n = n + 1 end return n == 4 and next(t) == nil end)()
(function() local n = 0 for i, v in ipairs({1, 2, nil, 4}) do n = n + 1 end return n end)() == 2
load("return 1 + 1")() == 2 and load("syntax error here") == nil and select(2, load("x =")):find("near <eof>", 1, true) ~= nil
load("return x", "c", "t", {x = 7})() == 7 and loadstring("return ...")(3) == 3 and load(function() return nil end)() == nil
(function() local parts = {"return ", "4", "2"} local i = 0 return load(function() i = i + 1 return parts[i] end)() end)() == 42
load("\27Lua") == nil and load("return 1", "c", "b") == nil
(function() local f = load("x = 1") f() local y = x x = nil return y end)() == 1
_G._G == _G and _VERSION == "Lua 5.2" and _ENV == _G
collectgarbage("count") > 0 and collectgarbage() == 0 and collectgarbage("collect") == 0
unpack({1, 2, 3}) == 1 and select("#", unpack({1, nil, 3}, 1, 3)) == 3 and unpack({}, 1, 0) == nil
-- string
("hello"):sub(2, 3) == "el" and ("hello"):sub(-3) == "llo" and ("hello"):sub(2, -2) == "ell" and ("hello"):sub(0) == "hello" and ("hello"):sub(10) == "" and ("hello"):sub(3, 2) == ""
("abc"):byte() == 97 and select("#", ("abc"):byte(1, -1)) == 3 and ("abc"):byte(10) == nil and string.char(104, 105) == "hi" and string.char() == ""
not pcall(string.char, 256) and not pcall(string.char, -1)
("ab"):rep(3, "-") == "ab-ab-ab" and ("x"):rep(0) == "" and ("x"):rep(-1) == "" and (""):rep(1000000) == "" and ("ab"):rep(1, ",") == "ab"
("Hello"):upper() == "HELLO" and ("Hello"):lower() == "hello" and ("abc"):reverse() == "cba" and ("é"):upper() == "é"
("%5.2f|%-5d|%05d|%+d|% d"):format(3.14159, 42, 42, 1, 2) == " 3.14|42   |00042|+1| 2"
("%x|%X|%#x|%o|%c|%e|%g|%G"):format(255, 255, 255, 8, 65, 12345.678, 0.0001, 1e-10) == "ff|FF|0xff|10|A|1.234568e+04|0.0001|1E-10"
("%g|%g|%g|%g|%.3g"):format(100000, 1e6, 1e15, 0.1, 1234.5) == "100000|1e+06|1e+15|0.1|1.23e+03"
("%.0f|%.1f|%.20f|%f"):format(0.5, 0.25, 0.1, 1/3) == "0|0.2|0.10000000000000000555|0.333333"
("%s|%10s|%-10s|%.2s"):format("a", "b", "c", "defg") == "a|         b|c         |de"
("%s %s %s"):format(nil, true, setmetatable({}, {__tostring = function() return "T" end})) == "nil true T"
("%q"):format('a "b"\n\\\0c') == '"a \\"b\\"\\\n\\\\\\0c"' and ("%%"):format() == "%" and ("%i|%u"):format(3.7, 7) == "3|7"
("%d"):format("10") == "10" and ("%a"):format(1) == "0x1p+0" and ("%5s|%5d"):format("é", -3) == "   é|   -3"
not pcall(string.format, "%d", "x") and not pcall(string.format, "%y", 1) and not pcall(string.format, "%d") and not pcall(string.format, "%999d", 1)
("%d"):format(2^53) == "9007199254740992" and ("%.14g"):format(math.pi) == "3.1415926535898" and ("%5.1f"):format(1/0) == "  inf"
("hello"):find("l") == 3 and select(2, ("hello"):find("l+")) == 4 and ("hello"):find("xyz") == nil and ("hello"):find("") == 1 and ("hello"):find("", 10) == nil
("a.b"):find(".", 1, true) == 2 and ("a+b"):find("+", 1, true) == 2 and ("hello"):find("l", -2) == 4 and ("abc"):find("b", 2) == 2
select(3, ("key=val"):find("(%w+)=(%w+)")) == "key" and ("hello"):match("h(.)l") == "e" and ("2024-01-02"):match("(%d+)-(%d+)") == "2024"
("abc"):match("()b()") == 2 and select(2, ("abc"):match("()b()")) == 3 and ("abc"):match("^b") == nil and ("abc"):match("c$") == "c"
("  trim "):match("^%s*(.-)%s*$") == "trim" and ("[x]"):match("%[(.-)%]") == "x" and ("f(a(b)c)d"):match("%b()") == "(a(b)c)"
("THE (quick) fox"):find("%((%a+)%)") == 5 and ("THE quick"):gsub("%f[%a]%a+", "W") == "W W" and ("aa"):match("(a)%1") == "a"
("abc123"):match("%a+") == "abc" and ("abc123"):match("%d+$") == "123" and ("a-b"):match("[a%-]+") == "a-" and ("x]"):match("[]]") == "]" and ("^"):match("[%^]") == "^"
("0x1F"):match("^0[xX](%x+)$") == "1F" and ("\0a"):match("%z") == "\0" and ("a,b,,c"):gsub(",", ";") == "a;b;;c"
("hello world"):gsub("o", "0", 1) == "hell0 world" and select(2, ("hello"):gsub("l", "L")) == 2 and ("abc"):gsub("", "-") == "-a-b-c-"
("hello"):gsub("(l)(l)", "%2%1") == "hello" and ("hello"):gsub("l", "%0%0") == "hellllo" and ("abc"):gsub("%w", "%%%0") == "%a%b%c"
("$name is $age"):gsub("%$(%w+)", {name = "Bob", age = 42}) == "Bob is 42" and ("abc"):gsub("b", function(c) return c:upper() end) == "aBc"
("abc"):gsub("b", function() return false end) == "abc" and ("abc"):gsub("b", {}) == "abc" and ("abc"):gsub("^a", "x") == "xbc"
not pcall(string.gsub, "a", "a", "%2") and not pcall(string.find, "a", "(") and not pcall(string.find, "a", "[a") and not pcall(string.find, "a", "%")
not pcall(string.gsub, "a", "a", function() return {} end) and not pcall(string.gsub, "a", "a")
(function() local r = {} for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do r[#r + 1] = k .. v end return table.concat(r, " ") end)() == "a1 b2"
(function() local n = 0 for w in ("one two three"):gmatch("%a+") do n = n + 1 end return n end)() == 3
(function() local n = 0 for _ in ("abc"):gmatch("") do n = n + 1 end return n end)() == 4
(function() function string.shout(s) return s:upper() .. "!" end local r = ("a"):shout() string.shout = nil return r end)() == "A!"
-- table
table.concat({1, 2, 3}, ", ") == "1, 2, 3" and table.concat({}) == "" and table.concat({1, 2, 3}, "-", 2, 3) == "2-3" and table.concat({1.5, "x"}) == "1.5x"
not pcall(table.concat, {1, {}, 3}) and not pcall(table.concat, {}, "", 1, 1)
(function() local t = {1, 2} table.insert(t, 3) table.insert(t, 1, 0) return table.concat(t) end)() == "0123"
not pcall(table.insert, {1}, 5, 1) and not pcall(table.insert, {}) and not pcall(table.insert, {}, 1, 2, 3)
(function() local t = {1, 2, 3} return table.remove(t) == 3 and table.remove(t, 1) == 1 and #t == 1 and table.remove({}) == nil end)()
(function() local t = {1, 2, 3} return table.remove(t, 4) == nil and #t == 3 and not pcall(table.remove, t, 9) end)()
(function() local t = {3, 1, 2} table.sort(t) return table.concat(t) end)() == "123"
(function() local t = {"b", "a", "C"} table.sort(t, function(x, y) return x:lower() < y:lower() end) return table.concat(t) end)() == "abC"
(function() local t = {} for i = 1, 1000 do t[i] = (i * 7919) % 1009 end table.sort(t, function(a, b) return a > b end) for i = 2, 1000 do if t[i - 1] < t[i] then return false end end return true end)()
not pcall(table.sort, {1, "x"}) and pcall(table.sort, {3, 2, 1, 5, 4}, function() return true end)
table.pack(1, nil, 3).n == 3 and table.pack().n == 0 and table.unpack({1, 2}) == 1 and select("#", table.unpack({}, 1, 3)) == 3
table.concat(table.move({1, 2, 3}, 1, 3, 2)) == "1123" and table.concat(table.move({1, 2, 3}, 2, 3, 1)) == "233" and table.concat(table.move({1, 2}, 1, 2, 1, {})) == "12"
table.maxn({1, 2, [10] = 3}) == 10 and not pcall(table.unpack, {}, 1, 1e8)
-- math
math.floor(3.7) == 3 and math.floor(-3.7) == -4 and math.ceil(3.2) == 4 and math.ceil(-3.2) == -3 and math.abs(-5) == 5
math.max(1, 5, 3) == 5 and math.min(4, 2, 8) == 2 and not pcall(math.max) and math.huge == 1/0 and math.pi > 3.14159
math.sqrt(16) == 4 and math.exp(0) == 1 and math.log(math.exp(1)) == 1 and math.log(8, 2) == 3 and math.log(1000, 10) == 3 and math.log10(100) == 2
math.sin(0) == 0 and math.cos(0) == 1 and math.tan(0) == 0 and math.atan(1) * 4 == math.pi and math.atan2(1, 1) * 4 == math.pi and math.asin(1) * 2 == math.pi
math.fmod(7, 3) == 1 and math.fmod(-7, 3) == -1 and math.modf(3.7) == 3 and math.modf(-3.7) == -3 and math.pow(2, 10) == 1024
select(2, math.modf(3.25)) == 0.25 and select(2, math.modf(1/0)) == 0 and math.frexp(8) == 0.5 and select(2, math.frexp(8)) == 4 and math.ldexp(0.5, 4) == 8
math.type(1) == "integer" and math.type(1.5) == "float" and math.type("1") == nil and math.tointeger(3.0) == 3 and math.tointeger(3.5) == nil
math.ult(1, 2) and not math.ult(-1, 2) and math.deg(math.pi) == 180 and math.rad(180) == math.pi and math.cosh(0) == 1
(function() math.randomseed(7) local a, b = math.random(), math.random(100) math.randomseed(7) return a == math.random() and b == math.random(100) end)()
(function() for i = 1, 1000 do local r, s, t = math.random(), math.random(6), math.random(-3, 3) if r < 0 or r >= 1 or s < 1 or s > 6 or t < -3 or t > 3 then return false end end return true end)()
not pcall(math.random, 0) and not pcall(math.random, 2, 1) and not pcall(math.floor, "x") and math.floor("3.7") == 3
-- utf8
utf8.char(72, 8364, 128512) == "H€😀" and utf8.len("H€😀") == 3 and utf8.codepoint("€") == 8364 and utf8.char() == ""
utf8.len("\255") == nil and select(2, utf8.len("a\255")) == 2 and utf8.len("") == 0 and not pcall(utf8.codepoint, "\255")
utf8.offset("a€b", 3) == 5 and utf8.offset("a€b", -1) == 5 and utf8.offset("a€b", 0, 3) == 2 and utf8.offset("abc", 5) == nil
(function() local r = {} for p, c in utf8.codes("a€") do r[#r + 1] = p .. ":" .. c end return table.concat(r, " ") end)() == "1:97 2:8364"
(function() local n = 0 for c in ("a€😀"):gmatch(utf8.charpattern) do n = n + 1 end return n end)() == 3
utf8.len("\xED\xA0\x80") == nil and utf8.len("\xC0\x80") == nil and utf8.len("\xF4\x90\x80\x80") == nil and not pcall(utf8.char, -1)
-- bit32
bit32.band(12, 10) == 8 and bit32.bor(12, 10) == 14 and bit32.bxor(12, 10) == 6 and bit32.bnot(0) == 4294967295 and bit32.btest(1, 3)
bit32.lshift(1, 31) == 2147483648 and bit32.rshift(-1, 28) == 15 and bit32.lshift(1, 32) == 0 and bit32.arshift(-8, 1) == 4294967292 and bit32.arshift(8, -1) == 16
bit32.lrotate(0x80000000, 1) == 1 and bit32.rrotate(1, 1) == 2147483648 and bit32.extract(0xF0, 4, 4) == 15 and bit32.replace(0, 5, 4, 4) == 80
-- os and io
os.time({year = 2024, month = 1, day = 1, hour = 0}) == 1704067200 and os.time({year = 2024, month = 14, day = 1, hour = 12}) == 1738411200
os.date("!%Y-%m-%d %H:%M:%S", 0) == "1970-01-01 00:00:00" and os.date("!%c", 0) == "Thu Jan  1 00:00:00 1970" and os.date("!%x %X %p", 43200) == "01/01/70 12:00:00 PM"
os.date("!%A %a %B %b %j %w %y %%", 86400) == "Friday Fri January Jan 002 5 70 %" and os.date("!%U %W %V %G", 1704067200) == "00 01 01 2024"
os.date("!*t", 0).year == 1970 and os.date("!*t", 0).wday == 5 and os.date("!*t", 0).yday == 1 and os.date("!*t", 0).isdst == false
not pcall(os.date, "%Q") and not pcall(os.time, {year = 2024}) and os.difftime(5, 3) == 2 and os.clock() >= 0 and os.time() == 1000000000
os.getenv("PATH") == nil and os.setlocale() == "C" and os.setlocale("tr_TR") == nil and os.tmpname() == nil
os.execute("ls") == nil and select(2, os.execute("ls")) == "os.execute is not available: use the tool process_executor, or Utils.sleep(seconds)"
os.remove("x") == nil and select(2, os.remove("x")):find("file_operations", 1, true) ~= nil and os.rename("a", "b") == nil
io.open("x") == nil and select(2, io.open("x")):find("file_operations", 1, true) ~= nil and io.read() == nil and io.popen("ls") == nil and io.write("") == true
-- coroutine
(function() local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b) local d, e = coroutine.yield(c * 2) return d + e end) local _, x = coroutine.resume(co, 1, 2) local _, y = coroutine.resume(co, 10) local _, z = coroutine.resume(co, 3, 4) return x == 3 and y == 20 and z == 7 and coroutine.status(co) == "dead" end)()
(function() local co = coroutine.create(function() error({code = 5}) end) local ok, e = coroutine.resume(co) return not ok and e.code == 5 and coroutine.status(co) == "dead" end)()
(function() local co = coroutine.create(function() error("x") end) local ok, e = coroutine.resume(co) return e end)() == "conformance:1: x"
(function() local ok, e = coroutine.resume(coroutine.create(print)) local co = coroutine.create(function() end) coroutine.resume(co) return select(2, coroutine.resume(co)) end)() == "cannot resume dead coroutine"
(function() local r = {} for v in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do r[#r + 1] = v end return table.concat(r) end)() == "123"
(function() local co co = coroutine.create(function() return coroutine.status(co), coroutine.running() == co, coroutine.isyieldable() end) local _, s, r, y = coroutine.resume(co) return s == "running" and r and y end)()
select(2, coroutine.running()) == true and coroutine.isyieldable() == false and not pcall(coroutine.yield)
(function() local outer outer = coroutine.create(function() local inner = coroutine.create(function() return coroutine.status(outer) end) return select(2, coroutine.resume(inner)) end) return select(2, coroutine.resume(outer)) end)() == "normal"
(function() local co = coroutine.wrap(function() local ok, v = pcall(function() local x = coroutine.yield(1) error(x, 0) end) return ok, v end) co() local ok, v = co("thrown") return ok == false and v == "thrown" end)()
(function() local co = coroutine.wrap(function(...) return select("#", coroutine.yield(...)) end) return select("#", co(1, nil, nil)) == 3 and co(nil, nil) == 2 end)()
(function() local co = coroutine.wrap(function() return coroutine.yield(1) end) co() return co(2) end)() == 2
(function() local co = coroutine.wrap(function() for k in (function() return coroutine.yield("it") end) do return k end end) return co() == "it" and co("k") == "k" end)()
(function() local ok, e = coroutine.resume(coroutine.create(function() table.sort({2, 1}, function() coroutine.yield() end) end)) return ok == false and e:find("yield across", 1, true) ~= nil end)()
(function() local co co = coroutine.wrap(function() co() end) local ok, e = pcall(co) return not ok and e:find("cannot resume non-suspended coroutine", 1, true) ~= nil end)()
(function() local cos = {} for i = 1, 2000 do cos[i] = coroutine.wrap(function() coroutine.yield() return i end) cos[i]() end local s = 0 for i = 1, 2000 do s = s + cos[i]() end return s end)() == 2001000
(function() local function gen(n) return coroutine.wrap(function() if n > 0 then for v in gen(n - 1) do coroutine.yield(v + 1) end end coroutine.yield(0) end) end local c = 0 for v in gen(50) do c = c + 1 end return c end)() == 51
-- debug and modules
debug.traceback("m"):find("m\nstack traceback:\n\tconformance:1: in main chunk", 1, true) == 1 and debug.traceback({}) ~= nil
debug.getinfo == nil and debug.sethook == nil and debug.getmetatable == nil and debug.getupvalue == nil
package == nil and luajava == nil and loadfile == nil and string.dump == nil and io.lines("x") == nil
require("string") == string and not pcall(require, "nope") and not pcall(require, "luajava") and not pcall(require, "java.lang.System")
