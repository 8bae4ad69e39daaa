-- A workflow that survives its process: each step is kept when it has ended, and a run that was interrupted goes on.
-- Run it twice: the first time it stops in the middle, the second time it goes on.

local invoice = Workflow.sequential {
  name = "invoice",
  steps = {
    {name = "count", tool = "calculator", input = {input = "12 * 30"}},
    {name = "book", execute = function(ctx)
      print("booking " .. ctx.steps.count.output)
      ctx.state.booked = true
      return "booked"
    end},
    {name = "send", execute = function(ctx)
      -- A step that was interrupted begins again with the same key, so that what it asks for is not done twice.
      local sent = State.get("sent:" .. ctx.idempotency_key)
      if not sent then
        State.set("sent:" .. ctx.idempotency_key, true)
        print("sending, and the process ends here")
        os.exit()
      end
      return "sent before, not again"
    end},
  },
}

local waiting = Workflow.checkpoints("invoice")[1]
local result
if waiting then
  print("going on after " .. waiting.checkpoint_name)
  result = Workflow.resume("invoice")
else
  result = invoice:execute()
end
print(result.success, result.outputs.book, result.outputs.send, result.final_state.booked)

-- What has ended is not kept.
local _, err = pcall(Workflow.resume, "invoice")
print(#Workflow.checkpoints(), err.code)
