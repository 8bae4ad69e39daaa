package io.llmspell.bridge.lua;

import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** Puts the described globals into a sandbox. */
final class LuaRenderer {
    private final LuaBox box;

    LuaRenderer(LuaBox box) {
        this.box = box;
    }

    void install(List<ScriptModule> modules, String script, List<String> arguments) {
        LuaTable globals = box.sandbox.globals();
        IdentityHashMap<List<ScriptFunction>, LuaTable> made = new IdentityHashMap<>();
        for (ScriptModule module : modules) {
            // A module under a second name has the same functions, and is the same table.
            LuaTable table = made.computeIfAbsent(module.functions(), functions -> module(module, module.name()));
            if (module.name().equals("JSON")) {
                addMarks(table);
            }
            globals.rawset(LuaText.of(module.name()), table);
        }
        LuaTable args = new ScriptTable(arguments.size(), 1);
        args.rawset(0, LuaText.of(script));
        for (int i = 0; i < arguments.size(); i++) {
            args.rawset(i + 1, LuaText.of(arguments.get(i)));
        }
        globals.rawset(LuaText.of("ARGS"), args);
        globals.rawset(LuaText.of("arg"), args);
    }

    private LuaTable module(ScriptModule module, String path) {
        LuaTable table = new ScriptTable(0, 2 * module.functions().size());
        for (ScriptFunction function : module.functions()) {
            HostFunction rendered =
                    new HostFunction(box, path + "." + function.name(), args -> invoke(path, function, args));
            names(function).forEach(name -> table.rawset(LuaText.of(name), rendered));
        }
        for (ScriptModule child : module.children()) {
            table.rawset(LuaText.of(child.name()), module(child, path + "." + child.name()));
        }
        java.util.function.Function<String, @Nullable Object> member = module.member();
        if (member != null) {
            LuaTable meta = new ScriptTable(0, 1);
            meta.rawset(
                    LuaValue.INDEX,
                    new HostFunction(box, args -> box.values.toLua(member.apply(LuaValues.name(args.arg(2))))));
            table.setmetatable(meta);
        }
        return table;
    }

    private Varargs invoke(String path, ScriptFunction function, Varargs args) {
        return box.values.results(function.body().call(box.call(path + "." + function.name(), null, args)));
    }

    /** The marks that only an engine can make. */
    private void addMarks(LuaTable json) {
        json.rawset(LuaText.of("null"), box.values.nullMark());
        json.rawset(
                LuaText.of("array"),
                new HostFunction(
                        box,
                        args -> box.values.marked(args.arg1() instanceof LuaTable table ? table : new ScriptTable())));
        json.rawset(LuaText.of("float"), new HostFunction(box, args -> box.values.asFloat(args.arg1())));
    }

    /** All names of a function: its own, its aliases, and each of them in camelCase. */
    static List<String> names(ScriptFunction function) {
        List<String> names = new ArrayList<>(function.aliases());
        names.add(0, function.name());
        for (String name : List.copyOf(names)) {
            String camel = camel(name);
            if (!names.contains(camel)) {
                names.add(camel);
            }
        }
        return names;
    }

    private static String camel(String name) {
        String[] words = name.split("_", -1);
        StringBuilder camel = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            if (!words[i].isEmpty()) {
                camel.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
            }
        }
        return camel.toString();
    }
}
