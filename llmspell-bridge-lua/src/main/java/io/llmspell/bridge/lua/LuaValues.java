package io.llmspell.bridge.lua;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptRecord;
import io.llmspell.core.script.ScriptValues;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** Values between Lua and the host. For the owner of the engine. */
final class LuaValues {
    private static final long EXACT = 1L << 53;

    private final LuaBox box;
    private final LuaHandles handles;
    private final LuaTable arrayMark = new ScriptTable(0, 1);
    private final LuaTable nullMark = new ScriptTable(0, 0);
    private final LuaTable exactNumbers;
    /** The null members of maps that came from the host: they are nil in Lua, and null again on the way back. */
    private final Map<LuaTable, Set<String>> nullMembers = new WeakHashMap<>();

    LuaValues(LuaBox box) {
        this.box = box;
        this.handles = new LuaHandles(box);
        this.exactNumbers = exactMetatable();
        arrayMark.rawset(LuaText.of("__name"), LuaText.of("array"));
        LuaTable meta = new ScriptTable(0, 2);
        meta.rawset(LuaText.of("__tostring"), new HostFunction(box, args -> LuaText.of("null")));
        meta.rawset(LuaText.of("__metatable"), LuaValue.FALSE);
        nullMark.setmetatable(meta);
    }

    LuaTable nullMark() {
        return nullMark;
    }

    /** Marks a table as an array, so that it stays one when it is empty. */
    LuaTable marked(LuaTable table) {
        table.setmetatable(arrayMark);
        return table;
    }

    Varargs results(@Nullable Object value) {
        if (!(value instanceof ScriptValues several)) {
            return toLua(value);
        }
        LuaValue[] all = several.values().stream().map(this::toLua).toArray(LuaValue[]::new);
        return LuaValue.varargsOf(all);
    }

    LuaValue toLua(@Nullable Object value) {
        if (value == null) {
            return LuaValue.NIL;
        }
        if (value instanceof String text) {
            return LuaText.of(text);
        }
        if (value instanceof Boolean flag) {
            return LuaValue.valueOf(flag);
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            return table(map);
        }
        if (value instanceof List<?> list) {
            return array(list);
        }
        return special(value);
    }

    private LuaValue special(Object value) {
        if (value instanceof ScriptRecord rendered) {
            return record(rendered);
        }
        if (value instanceof ScriptObject object) {
            return handles.handle(object);
        }
        if (value instanceof LuaCallback callback) {
            return callback.function();
        }
        throw JsonValueException.notConvertible(
                "value", "a " + value.getClass().getSimpleName() + " has no form in Lua");
    }

    private LuaValue number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            return LuaArithmetic.ofFloat(number.doubleValue());
        }
        if (number instanceof BigDecimal exact) {
            double near = exact.doubleValue();
            if (!Double.isInfinite(near)) {
                return LuaArithmetic.ofFloat(near);
            }
        }
        boolean large = !(number instanceof Long || number instanceof Integer)
                || number.longValue() > EXACT
                || number.longValue() < -EXACT;
        return large ? exact(number) : LuaInteger.valueOf(number.longValue());
    }

    private ExactNumber exact(Number number) {
        ExactNumber exact = new ExactNumber(number);
        exact.setmetatable(exactNumbers);
        return exact;
    }

    /** The number as a float, which one without a fraction may be too. */
    LuaValue asFloat(LuaValue number) {
        if (!(number instanceof LuaNumber)) {
            throw new ArgumentException(
                    "JSON.float: argument 1 (number) must be a number, but is " + number.typename());
        }
        return LuaArithmetic.ofFloat(number.todouble());
    }

    private LuaTable exactMetatable() {
        LuaTable meta = new ScriptTable(0, 8);
        meta.rawset(LuaText.of("__name"), LuaText.of("exact number"));
        meta.rawset(LuaText.of("__metatable"), LuaValue.FALSE);
        meta.rawset(LuaValue.TOSTRING, new HostFunction(box, args -> shown(args.arg1())));
        meta.rawset(
                LuaValue.CONCAT,
                new HostFunction(
                        box,
                        args -> LuaText.of(
                                LuaText.toJavaLossy(shown(args.arg1())) + LuaText.toJavaLossy(shown(args.arg(2))))));
        meta.rawset(LuaValue.EQ, new HostFunction(box, args -> LuaValue.valueOf(compare(args) == 0)));
        meta.rawset(LuaValue.LT, new HostFunction(box, args -> LuaValue.valueOf(compare(args) < 0)));
        meta.rawset(LuaValue.LE, new HostFunction(box, args -> LuaValue.valueOf(compare(args) <= 0)));
        return meta;
    }

    private LuaString shown(LuaValue value) {
        return value instanceof ExactNumber exact
                ? LuaText.of(exact.text())
                : box.sandbox.machine().tostring(value);
    }

    private static int compare(Varargs args) {
        return decimal(args.arg1()).compareTo(decimal(args.arg(2)));
    }

    private static BigDecimal decimal(LuaValue value) {
        if (value instanceof ExactNumber exact) {
            return exact.decimal();
        }
        if (value instanceof LuaNumber number && Double.isFinite(number.todouble())) {
            return new BigDecimal(number.todouble());
        }
        throw new ArgumentException(
                "an exact number can be compared with numbers only, not with a " + value.typename());
    }

    private LuaTable table(Map<?, ?> map) {
        LuaTable table = new ScriptTable(0, map.size());
        Set<String> nulls = new LinkedHashSet<>();
        map.forEach((name, member) -> {
            if (member == null) {
                nulls.add(String.valueOf(name));
            } else {
                table.rawset(LuaText.of(String.valueOf(name)), toLua(member));
            }
        });
        if (!nulls.isEmpty()) {
            nullMembers.put(table, nulls);
        }
        return table;
    }

    private LuaTable array(List<?> list) {
        LuaTable table = new ScriptTable(list.size(), 0);
        int index = 1;
        for (Object element : list) {
            table.rawset(index++, element == null ? nullMark : toLua(element));
        }
        return marked(table);
    }

    private LuaTable record(ScriptRecord rendered) {
        LuaTable table = table(rendered.members());
        LuaTable meta = new ScriptTable(0, 4);
        String display = rendered.display();
        if (display != null) {
            LuaString text = LuaText.of(display);
            meta.rawset(LuaValue.TOSTRING, new HostFunction(box, args -> text));
            meta.rawset(LuaValue.CONCAT, new HostFunction(box, args -> joined(args, table, text)));
        }
        java.util.function.Function<String, @Nullable Object> other = rendered.other();
        if (other != null) {
            meta.rawset(LuaValue.INDEX, new HostFunction(box, args -> {
                Object found = other.apply(name(args.arg(2)));
                return toLua(found);
            }));
        } else if (display != null) {
            LuaString text = LuaText.of(display);
            meta.rawset(LuaValue.INDEX, new HostFunction(box, args -> box.errors.stringMethod(args.arg(2), text)));
        }
        table.setmetatable(meta);
        return table;
    }

    /** The two sides of {@code ..}, with the table's text in its place. */
    LuaValue joined(Varargs args, LuaTable table, LuaString text) {
        LuaString left = args.arg1().raweq(table) ? text : box.sandbox.machine().tostring(args.arg1());
        LuaString right =
                args.arg(2).raweq(table) ? text : box.sandbox.machine().tostring(args.arg(2));
        return LuaText.of(LuaText.toJavaLossy(left) + LuaText.toJavaLossy(right));
    }

    static String name(LuaValue key) {
        return key instanceof LuaString text ? LuaText.toJavaLossy(text) : LuaText.toJavaLossy(LuaNumbers.text(key));
    }

    /** A Lua value as the host sees it; functions become callbacks, handles their objects. */
    @Nullable Object toHost(LuaValue value) {
        return new Reader().read(value, "value", 0);
    }

    /** One conversion; remembers the open tables to find cycles. */
    private final class Reader {
        private final Set<LuaTable> open = Collections.newSetFromMap(new IdentityHashMap<>());
        private int nodes;

        @Nullable Object read(LuaValue value, String path, int depth) {
            if (++nodes > JsonLimits.TOOL.nodes()) {
                throw JsonValueException.tooLarge(path, "has more than " + JsonLimits.TOOL.nodes() + " nodes", "nodes");
            }
            if (value.isnil()) {
                return null;
            }
            if (value.isboolean()) {
                return value.toboolean();
            }
            if (value instanceof LuaNumber number) {
                return readNumber(number, path);
            }
            if (value instanceof LuaString text) {
                return readText(text, path);
            }
            if (value instanceof LuaFunction function) {
                return new LuaCallback(box, function);
            }
            if (value instanceof LuaTable table) {
                return readTable(table, path, depth);
            }
            throw JsonValueException.notConvertible(path, "a " + value.typename() + " has no form outside Lua");
        }

        private Object readNumber(LuaNumber number, String path) {
            if (number instanceof LuaInteger small) {
                return small.tolong();
            }
            double value = number.todouble();
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                throw JsonValueException.notConvertible(path, LuaNumbers.text(value) + " is no JSON number");
            }
            return LuaArithmetic.isFloat(number) ? (Object) value : (Object) (long) value;
        }

        private String readText(LuaString text, String path) {
            try {
                return LuaText.toJava(text);
            } catch (CharacterCodingException e) {
                throw JsonValueException.notConvertible(path, "a text is not UTF-8");
            }
        }

        private @Nullable Object readTable(LuaTable table, String path, int depth) {
            if (table.raweq(nullMark)) {
                return null;
            }
            if (table instanceof HandleTable handle) {
                return handle.object();
            }
            if (table instanceof ExactNumber exact) {
                return exact.value();
            }
            if (depth >= JsonLimits.TOOL.depth()) {
                throw JsonValueException.tooLarge(
                        "value", "is nested deeper than " + JsonLimits.TOOL.depth() + " levels", "depth");
            }
            if (!open.add(table)) {
                throw JsonValueException.notConvertible(path, "it contains itself");
            }
            int length = table.rawlen();
            Object read = length > 0 || arrayMark.raweq(table.getmetatable())
                    ? readArray(table, length, path, depth)
                    : readMap(table, path, depth);
            open.remove(table);
            return read;
        }

        private List<@Nullable Object> readArray(LuaTable table, int length, String path, int depth) {
            List<@Nullable Object> list = new ArrayList<>(Math.min(length, 1_024));
            for (int i = 1; i <= length; i++) {
                LuaValue element = table.rawget(i);
                if (element.isnil()) {
                    throw JsonValueException.notConvertible(
                            path, "the array has no element " + i + "; use JSON.null for a hole");
                }
                list.add(read(element, path + "[" + (i - 1) + "]", depth + 1));
            }
            refuseMixed(table, length, path);
            return list;
        }

        private void refuseMixed(LuaTable table, int length, String path) {
            for (Varargs entry = table.next(LuaValue.NIL); !entry.arg1().isnil(); entry = table.next(entry.arg1())) {
                LuaValue key = entry.arg1();
                boolean element = key instanceof LuaInteger number && number.v >= 1 && number.v <= length;
                if (!element) {
                    String problem = key instanceof LuaInteger
                            ? "the array has no element " + (length + 1) + "; use JSON.null for a hole"
                            : "a table with the elements 1 to " + length + " has the key \"" + name(key) + "\" too";
                    throw JsonValueException.notConvertible(path, problem);
                }
            }
        }

        private Map<String, @Nullable Object> readMap(LuaTable table, String path, int depth) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (Varargs entry = table.next(LuaValue.NIL); !entry.arg1().isnil(); entry = table.next(entry.arg1())) {
                if (!(entry.arg1() instanceof LuaString key)) {
                    throw JsonValueException.notConvertible(
                            path, "a map key is a " + entry.arg1().typename() + "; keys must be texts");
                }
                String name = readText(key, path);
                map.put(name, read(entry.arg(2), path + "." + name, depth + 1));
            }
            nullMembers.getOrDefault(table, Set.of()).forEach(name -> map.putIfAbsent(name, null));
            return map;
        }
    }
}
