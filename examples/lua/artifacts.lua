-- Artifacts: named, versioned results of a script, with what they came from.

State.set("topic", "tides")
local draft = Artifact.store {name = "draft", content = "Tides rise.", tags = {"text"}, metadata = {by = "ann"}}
print(draft.name .. " v" .. draft.version .. ", " .. draft.size .. " bytes, sha256 " .. draft.content_hash:sub(1, 8))

-- The same name again is a new version of the same artifact.
local second = Artifact.store {name = "draft", content = "Tides rise and fall."}
print(second.version, second.id == draft.id, Artifact.get(draft.id, 1):content())

-- A value instead of a text, made from another artifact.
local words = Artifact.store {name = "words", content = {count = 4}, parents = {second}, derivation = "count"}
print(words.type, words:content().count, words.parents[1] == draft.id)

-- What the run had done when it was stored.
print("state: " .. draft.state_keys[1])

for _, found in ipairs(Artifact.list {correlation_id = draft.correlation_id}) do
  print("of this run: " .. found.name .. " v" .. found.version)
end

-- Hooks can change what is stored, or refuse it.
Hook.register("artifact:before_create", function(ctx)
  if ctx.data.artifact_name == "secret" then
    return {type = "cancel", reason = "not here"}
  end
end)
local _, err = pcall(Artifact.store, {name = "secret", content = "x"})
print(err.code .. ": " .. err.reason)

local _, bad = pcall(Artifact.store, {name = "broken", type = "json", content = "{"})
print(bad.code)

-- Artifacts end with their session, here the script's own; a permanent one stays.
Artifact.store {name = "report", content = "kept", permanent = true, session = Session.current()}
print(#Session.current():artifacts() .. " in the session")
for _, found in ipairs(Artifact.list {name = "report"}) do
  Artifact.delete(found)
end
