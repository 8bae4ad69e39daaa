package io.llmspell.bridge.lua;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.script.ScriptSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors between Lua and the host. */
final class LuaErrors {
    private static final Logger LOG = LoggerFactory.getLogger(LuaErrors.class);
    private static final Pattern PLACE = Pattern.compile("^(.+?):(\\d+): ", Pattern.DOTALL);

    private final LuaMachine machine;
    private final LuaSession session;

    LuaErrors(LuaMachine machine, LuaSession session) {
        this.machine = machine;
        this.session = session;
    }

    /** An error of the host as a table that prints as its text and answers string methods. */
    ScriptError toLua(RuntimeException failed, @Nullable String operation) {
        LlmSpellException coded = InternalException.coded("a call of the script", failed);
        if (coded instanceof InternalException) {
            LOG.warn("a call of a script failed", LogText.maskedError(failed));
        }
        // What a function of the script raised within the call says its own place.
        boolean placed =
                coded instanceof ScriptException && PLACE.matcher(coded.text()).find();
        LuaString text = LuaText.of((placed ? "" : machine.position(1)) + coded.text());
        LuaTable table = new ScriptTable(0, 8);
        if (operation != null) {
            table.rawset(LuaText.of("operation"), LuaText.of(operation));
        }
        members(coded).forEach((name, value) -> table.rawset(LuaText.of(name), plain(value)));
        table.setmetatable(metatable(table, text));
        return new ScriptError(table, coded);
    }

    private Map<String, @Nullable Object> members(LlmSpellException error) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("code", error.code().id());
        members.put("message", error.text());
        members.put("retryable", error.code().retryable());
        members.put("details", error.details());
        if (error instanceof OperationCancelledException veto) {
            members.put("hook", veto.hook());
            members.put("reason", veto.reason());
        }
        members.put("correlation_id", session.present().correlation().text());
        return members;
    }

    private static LuaValue plain(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            return LuaValue.valueOf(flag);
        }
        if (value instanceof Number number) {
            return LuaValue.valueOf(number.doubleValue());
        }
        if (value instanceof Map<?, ?> map) {
            LuaTable table = new ScriptTable(0, map.size());
            map.forEach((name, member) -> table.rawset(LuaText.of(String.valueOf(name)), plain(member)));
            return table;
        }
        if (value instanceof List<?> list) {
            LuaTable table = new ScriptTable(list.size(), 0);
            list.forEach(element -> table.rawset(table.rawlen() + 1, plain(element)));
            return table;
        }
        return value == null ? LuaValue.NIL : LuaText.of(String.valueOf(value));
    }

    private LuaTable metatable(LuaTable table, LuaString text) {
        LuaTable meta = new ScriptTable(0, 4);
        meta.rawset(LuaText.of("__name"), LuaText.of("error"));
        meta.rawset(LuaValue.TOSTRING, new TextFunction(args -> text));
        meta.rawset(LuaValue.CONCAT, new TextFunction(args -> {
            LuaString left = args.arg1().raweq(table) ? text : machine.tostring(args.arg1());
            LuaString right = args.arg(2).raweq(table) ? text : machine.tostring(args.arg(2));
            return LuaText.of(LuaText.toJavaLossy(left) + LuaText.toJavaLossy(right));
        }));
        meta.rawset(LuaValue.INDEX, new TextFunction(args -> stringMethod(args.arg(2), text)));
        return meta;
    }

    /** {@code err:match(...)} works on the text of the error. */
    LuaValue stringMethod(LuaValue name, LuaString text) {
        LuaValue method = machine.stringLibrary.rawget(name);
        return method.isnil()
                ? LuaValue.NIL
                : new TextFunction(args -> machine.call(method, LuaValue.varargsOf(text, args.subargs(2))));
    }

    /** An error that a script did not catch. */
    static ScriptException uncaught(LuaBox box, ScriptError error) {
        String text = box.errors.text(error);
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        Matcher place = PLACE.matcher(text);
        if (place.find()) {
            details.put("file", place.group(1));
            details.put("line", Long.valueOf(place.group(2)));
        }
        Throwable cause = error.getCause();
        LlmSpellException coded = cause instanceof LlmSpellException known ? known : null;
        if (coded != null) {
            details.put("code", coded.code().id());
        }
        return new ScriptException(
                ErrorCode.SCRIPT_ERROR, text, details, error.trace().lines(), coded);
    }

    private String text(ScriptError error) {
        if (error.value() instanceof LuaTable table
                && table.getmetatable() == null
                && table.rawget(LuaText.of("message")) instanceof LuaString message) {
            return LuaText.toJavaLossy(message); // error({code = ..., message = ...})
        }
        try {
            return LuaText.toJavaLossy(machine.tostring(error.value()));
        } catch (org.luaj.vm2.LuaError | LuaStop | StackOverflowError again) {
            return "(an error whose text cannot be made)"; // __tostring of the script failed itself
        }
    }

    /** A script that does not compile, with the line itself. */
    static ScriptException syntax(LuaSyntaxException error, ScriptSource source) {
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("file", error.chunk());
        details.put("line", (long) error.line());
        if (error.column() > 0) {
            details.put("column", (long) error.column());
        }
        String[] lines = source.text().text().split("\n", -1);
        if (error.line() >= 1 && error.line() <= lines.length) {
            details.put("source", lines[error.line() - 1].stripTrailing());
        }
        return new ScriptException(ErrorCode.SYNTAX_ERROR, error.located(), details, List.of(), null);
    }

    /** A function that needs no error mapping of its own. */
    private static final class TextFunction extends org.luaj.vm2.lib.VarArgFunction {
        private final HostFunction.Body body;

        TextFunction(HostFunction.Body body) {
            this.body = body;
        }

        @Override
        public Varargs invoke(Varargs args) {
            return body.call(args);
        }
    }
}
