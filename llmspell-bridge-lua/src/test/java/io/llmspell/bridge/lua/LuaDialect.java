package io.llmspell.bridge.lua;

import io.llmspell.testing.script.ScriptDialect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How Lua is written. */
final class LuaDialect implements ScriptDialect {
    private static final int BYTES_OF_AN_EMPTY_TABLE = 60;

    @Override
    public String file() {
        return "spell.lua";
    }

    @Override
    public String let(String name, String expression) {
        return "local " + name + " = " + expression;
    }

    @Override
    public String result(String expression) {
        return "return " + expression;
    }

    @Override
    public String print(String expression) {
        return "print(" + expression + ")";
    }

    @Override
    public String function(String parameters, String... statements) {
        return "function(" + parameters + ") " + String.join("; ", statements) + " end";
    }

    @Override
    public String method(String object, String method, String arguments) {
        return object + ":" + method + "(" + arguments + ")";
    }

    @Override
    public String wrongMethod(String object, String method) {
        return object + "." + method + "(1)";
    }

    @Override
    public String waiting(String call) {
        return call;
    }

    @Override
    public String concat(String left, String right) {
        return left + " .. " + right;
    }

    @Override
    public String text(String expression) {
        return "tostring(" + expression + ")";
    }

    @Override
    public String same(String left, String right) {
        return left + " == " + right;
    }

    @Override
    public String map(String... members) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < members.length; i += 2) {
            all.add(members[i] + " = " + members[i + 1]);
        }
        return "{" + String.join(", ", all) + "}";
    }

    @Override
    public String array(String... elements) {
        return "JSON.array({" + String.join(", ", elements) + "})";
    }

    @Override
    public String argument(int number) {
        return "ARGS[" + number + "]";
    }

    @Override
    public String when(String condition, String statement) {
        return "if " + condition + " then " + statement + " end";
    }

    @Override
    public String raise(String message) {
        return "error(\"" + message + "\")";
    }

    @Override
    public String failure(String statement, String member) {
        return "local ok, failure = pcall(function() " + statement
                + " end) if ok then return \"none\" end return failure." + member;
    }

    @Override
    public String syntaxError() {
        return "if then else";
    }

    @Override
    public String endless() {
        return "while true do end";
    }

    @Override
    public String stubborn(String statement) {
        return "while true do pcall(function() " + statement + " end) end";
    }

    @Override
    public String hoard() {
        return "local kept = {} while true do kept[#kept + 1] = {} end";
    }

    @Override
    public String fill(String array, int mebibytes) {
        return "for i = 1, " + (mebibytes << 20) / BYTES_OF_AN_EMPTY_TABLE + " do " + array + "[i] = {} end";
    }

    @Override
    public String scope(String statements) {
        return "do " + statements + " end";
    }

    @Override
    public Map<String, String> unconvertible() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("NaN", "0/0");
        all.put("infinity", "-1/0");
        all.put("function", "print");
        all.put("thread", "coroutine.create(print)");
        all.put("sparse", "{1, nil, 3, [7] = 1}");
        all.put("only high index", "{[3] = 1}");
        all.put("mixed", "{1, 2, a = 3}");
        all.put("fraction as key", "{[1.5] = 1}");
        all.put("boolean as key", "{[true] = 1}");
        all.put("no UTF-8", "\"\\xff\\xfe\"");
        all.put("key that is no UTF-8", "{[\"\\xff\"] = 1}");
        return all;
    }

    @Override
    public boolean hasMinusZero() {
        return true;
    }
}
