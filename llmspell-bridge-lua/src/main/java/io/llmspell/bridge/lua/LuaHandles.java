package io.llmspell.bridge.lua;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** Shows {@link ScriptObject}s to Lua: one table for one object, one metatable for one type. */
final class LuaHandles {
    private final LuaBox box;
    private final Map<ScriptObject, WeakReference<HandleTable>> tables = new WeakHashMap<>();
    private final IdentityHashMap<ScriptObjectType, LuaTable> metatables = new IdentityHashMap<>();
    private final IdentityHashMap<ScriptObjectType, Map<String, LuaFunction>> methods = new IdentityHashMap<>();

    LuaHandles(LuaBox box) {
        this.box = box;
    }

    HandleTable handle(ScriptObject object) {
        WeakReference<HandleTable> known = tables.get(object);
        HandleTable table = known == null ? null : known.get();
        if (table == null) {
            table = new HandleTable(object);
            table.setmetatable(metatables.computeIfAbsent(object.type(), this::metatable));
            tables.put(object, new WeakReference<>(table));
        }
        return table;
    }

    private LuaTable metatable(ScriptObjectType type) {
        LuaTable meta = new ScriptTable(0, 8);
        meta.rawset(LuaText.of("__name"), LuaText.of(type.name()));
        meta.rawset(LuaText.of("__metatable"), LuaValue.FALSE);
        meta.rawset(LuaValue.INDEX, new HostFunction(box, args -> member(type, self(type, args.arg1()), args.arg(2))));
        meta.rawset(LuaValue.NEWINDEX, new HostFunction(box, args -> assign(type, args)));
        meta.rawset(LuaValue.TOSTRING, new HostFunction(box, args -> text(args.arg1())));
        meta.rawset(LuaValue.CONCAT, new HostFunction(box, this::concat));
        ScriptFunction.Body call = type.call();
        if (call != null) {
            meta.rawset(LuaValue.CALL, new HostFunction(box, type.name(), args -> {
                ScriptObject object = self(type, args.arg1()).object();
                return box.values.results(call.call(box.call(type.name(), object, args.subargs(2))));
            }));
        }
        meta.rawset(LuaText.of("__pairs"), new HostFunction(box, args -> pairs(type, self(type, args.arg1()))));
        return meta;
    }

    private static HandleTable self(ScriptObjectType type, LuaValue value) {
        if (value instanceof HandleTable handle && handle.object().type().equals(type)) {
            return handle;
        }
        throw wrongCall(type, "its methods");
    }

    private static ScriptException wrongCall(ScriptObjectType type, String method) {
        return new ScriptException(
                ErrorCode.WRONG_CALL,
                "call " + method + " of the " + type.name() + " with a colon, as in handle:method(...)",
                Map.of("type", type.name()),
                List.of(),
                null);
    }

    private Varargs concat(Varargs args) {
        return LuaText.of(LuaText.toJavaLossy(text(args.arg1())) + LuaText.toJavaLossy(text(args.arg(2))));
    }

    private LuaString text(LuaValue value) {
        return value instanceof HandleTable handle
                ? LuaText.of(handle.object().id())
                : box.sandbox.machine().tostring(value);
    }

    private LuaValue member(ScriptObjectType type, HandleTable self, LuaValue key) {
        LuaValue known = self.shown(key);
        if (!known.isnil()) {
            return known;
        }
        String name = LuaValues.name(key);
        Function<ScriptObject, @Nullable Object> getter = type.members().get(name);
        if (getter != null) {
            LuaValue value = box.values.toLua(getter.apply(self.object()));
            self.show(key, value); // the same table each time, so that a script may change what it was shown
            return value;
        }
        LuaFunction method = method(type, self, name);
        if (method != null) {
            return method;
        }
        ScriptObjectType.Lookup other = type.other();
        return other == null ? LuaValue.NIL : box.values.toLua(other.member(self.object(), name));
    }

    private @Nullable LuaFunction method(ScriptObjectType type, HandleTable self, String name) {
        if (!type.bothForms()) {
            return methods.computeIfAbsent(type, this::methodTable).get(name);
        }
        for (ScriptFunction function : type.methods()) {
            if (LuaRenderer.names(function).contains(name)) {
                return bound(type, self, function);
            }
        }
        return null;
    }

    private Map<String, LuaFunction> methodTable(ScriptObjectType type) {
        Map<String, LuaFunction> table = new HashMap<>();
        for (ScriptFunction function : type.methods()) {
            LuaFunction rendered = new HostFunction(box, type.name() + ":" + function.name(), args -> {
                if (!(args.arg1() instanceof HandleTable handle
                        && handle.object().type().equals(type))) {
                    throw wrongCall(type, function.name());
                }
                return invoke(type, handle.object(), function, args.subargs(2));
            });
            LuaRenderer.names(function).forEach(name -> table.put(name, rendered));
        }
        return table;
    }

    /** For types that take both forms, a method knows its object and skips it where it comes first. */
    private LuaFunction bound(ScriptObjectType type, HandleTable self, ScriptFunction function) {
        return new HostFunction(box, type.name() + ":" + function.name(), args -> {
            boolean colon = args.arg1().raweq(self);
            return invoke(type, self.object(), function, colon ? args.subargs(2) : args);
        });
    }

    private Varargs invoke(ScriptObjectType type, ScriptObject object, ScriptFunction function, Varargs args) {
        ScriptCall call = box.call(type.name() + ":" + function.name(), object, args);
        return box.values.results(function.body().call(call));
    }

    private Varargs assign(ScriptObjectType type, Varargs args) {
        HandleTable self = self(type, args.arg1());
        ScriptObjectType.Writer writer = type.writer();
        String name = LuaValues.name(args.arg(2));
        if (writer == null) {
            throw new ScriptException(
                    ErrorCode.WRONG_CALL,
                    "a " + type.name() + " is read-only, so \"" + name + "\" cannot be assigned",
                    Map.of("type", type.name()),
                    List.of(),
                    null);
        }
        writer.write(self.object(), name, box.values.toHost(args.arg(3)));
        return LuaValue.NONE;
    }

    private Varargs pairs(ScriptObjectType type, HandleTable self) {
        List<String> names = new ArrayList<>(type.members().keySet());
        LuaTable shown = new ScriptTable(0, names.size());
        for (String name : names) {
            shown.rawset(LuaText.of(name), member(type, self, LuaText.of(name)));
        }
        self.object().listed().forEach((name, value) -> shown.rawset(LuaText.of(name), box.values.toLua(value)));
        return LuaValue.varargsOf(box.sandbox.globals().rawget(LuaText.of("next")), shown, LuaValue.NIL);
    }
}
