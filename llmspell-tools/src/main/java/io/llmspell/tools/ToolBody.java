package io.llmspell.tools;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.ComponentBreaker;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.time.TimeSource;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.tool.ToolLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs a tool within its limits and tells how it failed. */
final class ToolBody {
    private static final Set<String> BROKEN = Set.of("network", "io", "external");

    private final TimeSource time;
    private final Redactor redactor;
    private final Notices notices;
    private final CallPlaces places;
    private final @Nullable ResultKeeper results;

    ToolBody(TimeSource time, Redactor redactor, Notices notices, CallPlaces places, @Nullable ResultKeeper results) {
        this.time = time;
        this.redactor = redactor;
        this.notices = notices;
        this.places = places;
        this.results = results;
    }

    ToolOutput run(ToolInput input, Caller caller) {
        Invocation call = input.call();
        caller.token().throwIfCancelled("tool " + call.name());
        ResultKeeper keeper = results;
        StateKey place = keeper == null ? null : keeper.key(call, input.parameters(), caller);
        if (keeper == null || place == null) {
            return placed(input, caller);
        }
        JsonObject kept = keeper.get(place);
        if (kept != null) {
            call.answeredFromCache();
            return ToolOutput.of(checked(input, kept, caller));
        }
        ToolOutput output = placed(input, caller);
        keeper.put(place, output.result());
        return output;
    }

    /** Runs the tool when there is a place for it. */
    private ToolOutput placed(ToolInput input, Caller caller) {
        Handle place = places.take(input.call().name(), input.limits().time(), caller);
        try {
            return guarded(input, caller);
        } finally {
            place.close();
        }
    }

    /** Runs the tool unless its breaker is open, and tells the breaker how it ended. */
    private ToolOutput guarded(ToolInput input, Caller caller) {
        Invocation call = input.call();
        ComponentBreaker breaker = call.entry().breaker();
        int ticket = breaker.enter();
        if (ticket == ComponentBreaker.REFUSED) {
            throw call.failed(open(call.name(), breaker.openFor()));
        }
        boolean stopped = true;
        LlmSpellException failure = null;
        try {
            ToolOutput output = limited(input, caller);
            stopped = false;
            return output;
        } catch (CancelledException byCaller) {
            throw byCaller;
        } catch (LlmSpellException failed) {
            stopped = false;
            failure = failed;
            throw failed;
        } finally {
            if (stopped) {
                breaker.unused(ticket);
            } else if (failure != null && broken(failure)) {
                breaker.failed(ticket);
            } else {
                breaker.worked(ticket);
            }
        }
    }

    /** Whether a failure says that the tool does not work, and not that it was asked for what cannot be. */
    private static boolean broken(LlmSpellException failure) {
        if (failure.code().equals(ErrorCode.TIMEOUT) || failure.code().equals(ErrorCode.INTERNAL)) {
            return true;
        }
        return failure.code().equals(ErrorCode.TOOL_FAILED)
                && BROKEN.contains(String.valueOf(failure.details().get("kind")));
    }

    private static ToolException open(String tool, Duration left) {
        long millis = Math.max(1, left.toMillis());
        return new ToolException(
                ErrorCode.TOOL_FAILED,
                "tool \"" + tool + "\" is not called, because it failed too often: its breaker is open; the next try is"
                        + " possible in " + millis + " ms",
                Map.of("kind", "external", "breaker", "open", "retry_after_ms", millis),
                null);
    }

    private ToolOutput limited(ToolInput input, Caller caller) {
        Invocation call = input.call();
        long began = time.nanos();
        Caller inside = caller.with(caller.lineage().tool());
        try (TimeLimit limit = new TimeLimit(time, inside, input.limits().time())) {
            JsonObject result = executed(input, caller, limit);
            return ToolOutput.of(checked(input, result, caller));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("tool " + call.name());
        } catch (Exception | StackOverflowError failure) {
            if (failure instanceof CancelledException stopped && caller.token().isCancelled()) {
                throw stopped; // the caller stopped the call: no result of the tool
            }
            throw call.failed(coded(call.name(), failure));
        } finally {
            call.ran(time.nanos() - began);
        }
    }

    /** Runs the tool; once its time is over, that is its end, whatever it still does. */
    private @Nullable JsonObject executed(ToolInput input, Caller outer, TimeLimit limit) throws Exception {
        try {
            Run run = new Run(input.call(), limit.caller(), input.limits());
            JsonObject result = input.call().entry().tool().execute(input.parameters(), run);
            if (!limit.passed()) {
                return result;
            }
        } catch (Exception | StackOverflowError failure) {
            if (!limit.over()) { // a tool that keeps the time itself may be cut before the timer comes
                throw failure;
            }
        }
        throw late(input.call(), outer, limit.length());
    }

    private LimitException late(Invocation call, Caller caller, Duration length) {
        exceeded("time_ms", length.toMillis(), length.toMillis(), call, caller);
        return LimitException.timeout("tool \"" + call.name() + "\"", length.toMillis() + " ms");
    }

    private JsonObject checked(ToolInput input, @Nullable JsonObject raw, Caller caller) {
        Invocation call = input.call();
        if (raw == null) {
            throw ToolException.failed(
                    "tool \"" + call.name() + "\" gave nothing back; a tool gives an object", "unsupported");
        }
        JsonObject result = JsonValues.object(raw, JsonLimits.TOOL);
        long bytes = JsonValues.bytes(result);
        call.gave(bytes);
        long most = input.limits().outputBytes();
        if (bytes > most) {
            exceeded("output_bytes", most, bytes, call, caller);
            throw JsonValueException.tooLarge(
                    "the result of tool \"" + call.name() + "\"",
                    "has " + bytes + " bytes, at most " + most + " are allowed",
                    "output_bytes");
        }
        return result;
    }

    private void exceeded(String resource, long limit, long used, Invocation call, Caller caller) {
        notices.limitExceeded(resource, limit, used, call.entry().component(), caller);
    }

    private LlmSpellException coded(String tool, Throwable failure) {
        if (failure instanceof LlmSpellException coded) {
            return coded;
        }
        String message = failure.getMessage();
        String text = "tool \"" + tool + "\" failed with " + failure.getClass().getSimpleName()
                + (message == null ? "" : ": " + redactor.text(message));
        return new ToolException(ErrorCode.TOOL_FAILED, text, Map.of("kind", kind(failure)), failure);
    }

    private static String kind(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "not_found";
        }
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            return "io";
        }
        return failure instanceof UnsupportedOperationException ? "unsupported" : "external";
    }

    /** The present call, as the tool sees it. */
    private final class Run implements Tool.ToolRun {
        private final Invocation call;
        private final Caller caller;
        private final ToolLimits limits;

        Run(Invocation call, Caller caller, ToolLimits limits) {
            this.call = call;
            this.caller = caller;
            this.limits = limits;
        }

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public String callId() {
            return call.callId();
        }

        @Override
        public ToolLimits limits() {
            return limits;
        }

        @Override
        public void work(long operations) {
            long done = call.work(operations);
            if (done > limits.operations()) {
                exceeded("operations", limits.operations(), done, call, caller);
                throw LimitException.exceeded(
                        "operations",
                        String.valueOf(limits.operations()),
                        "tool \"" + call.name() + "\" would do " + done + " operations in one call");
            }
        }
    }
}
