package io.llmspell.bridge.lua;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Carries values from state through Lua and back, and gives Lua values that no state may hold. */
final class LuaValuesCheck {
    private static final long EXACT = 1L << 53;
    private static final List<@Nullable Object> PLAIN = Collections.unmodifiableList(Arrays.asList(
            null,
            true,
            false,
            0L,
            -1L,
            EXACT - 1,
            EXACT,
            EXACT + 1,
            -EXACT - 1,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            new BigInteger("123456789012345678901234567890"),
            0.5,
            1.0,
            -0.0,
            0.1,
            1e300,
            -4.9e-324,
            "",
            "text",
            "a\u0000b",
            "😀 \u202E é e\u0301",
            "\uFFFD"));

    /** Statements that must be refused, and the code. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("0/0", "value_not_convertible"),
            Map.entry("1/0", "value_not_convertible"),
            Map.entry("-1/0", "value_not_convertible"),
            Map.entry("{1, nil, 3}", "value_not_convertible"),
            Map.entry("{[1] = 1, [3] = 3}", "value_not_convertible"),
            Map.entry("{1, a = 2}", "value_not_convertible"),
            Map.entry("{[1.5] = 1}", "value_not_convertible"),
            Map.entry("{[true] = 1}", "value_not_convertible"),
            Map.entry("'\\255'", "value_not_convertible"),
            Map.entry("{['\\255'] = 1}", "value_not_convertible"),
            Map.entry("print", "value_not_convertible"),
            Map.entry("coroutine.create(print)", "value_not_convertible"),
            Map.entry("(function() local t = {} t.t = {t} return t end)()", "value_not_convertible"),
            Map.entry("(function() local t = 1 for _ = 1, 65 do t = {t} end return t end)()", "value_too_large"),
            Map.entry("(function() local t = {1} for _ = 1, 25 do t = {t, t} end return t end)()", "value_too_large"),
            Map.entry("('x'):rep(2^20)", "value_too_large"));

    private final UnaryOperator<@Nullable Object> carrier;
    private final String store;
    private final List<String> wrong = new ArrayList<>();

    /** The function changes what comes out of Lua, the statement stores what goes in; both do nothing but that. */
    LuaValuesCheck(UnaryOperator<@Nullable Object> carrier, String store) {
        this.carrier = carrier;
        this.store = store;
    }

    List<String> run() {
        try (Scripts scripts = Scripts.open()) {
            StateView state = scripts.spell.state().as(scripts.spell.caller());
            for (Object value : values()) {
                carry(scripts, state, value);
            }
            REFUSED.forEach((value, code) -> refuse(scripts, state, value, code));
        }
        return wrong;
    }

    /** Each plain value by itself, in a list and in a map; lists and maps that are empty, shared and deep. */
    private static List<@Nullable Object> values() {
        List<@Nullable Object> values = new ArrayList<>();
        for (Object plain : PLAIN) {
            values.add(mapOf("v", plain));
            values.add(Arrays.asList(plain, 1L, plain));
        }
        List<Object> shared = List.of(1L, "x");
        values.add(List.of());
        values.add(Map.of());
        values.add(mapOf("1", 1L));
        values.add(mapOf("", List.of(Map.of(), List.of())));
        values.add(List.of(shared, shared, mapOf("again", shared)));
        Object deep = 1L;
        for (int i = 0; i < 63; i++) {
            deep = i % 2 == 0 ? List.of(deep) : mapOf("d", deep);
        }
        values.add(deep);
        return values;
    }

    private static Map<String, @Nullable Object> mapOf(String name, @Nullable Object value) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put(name, value);
        return map;
    }

    private static StateKey key(String name) {
        return StateKey.of(Scope.GLOBAL, name);
    }

    private void carry(Scripts scripts, StateView state, @Nullable Object value) {
        Object sent = JsonValues.checked(value, JsonLimits.VALUE);
        state.put(key("in"), sent);
        scripts.run("State.delete('out')", "State.set('out', State.get('in'))");
        Object back =
                carrier.apply(state.get(key("out")).map(found -> found.json()).orElse("nothing came back"));
        if (!exactly(sent, back)) {
            wrong.add("sent " + sent + ", came back " + back);
        }
    }

    /** Equal in type too, but that Lua has one number for a whole float and the equal integer, as JSON has. */
    private static boolean exactly(@Nullable Object one, @Nullable Object other) {
        if (one instanceof List<?> a && other instanceof List<?> b) {
            boolean same = a.size() == b.size();
            for (int i = 0; same && i < a.size(); i++) {
                same = exactly(a.get(i), b.get(i));
            }
            return same;
        }
        if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
            return a.keySet().equals(b.keySet())
                    && a.keySet().stream().allMatch(name -> exactly(a.get(name), b.get(name)));
        }
        if (one instanceof Double number && number == Math.rint(number) && other instanceof Long whole) {
            return whole.doubleValue() == number && BigDecimal.valueOf(whole).compareTo(new BigDecimal(number)) == 0;
        }
        return one == null ? other == null : one.equals(other);
    }

    private void refuse(Scripts scripts, StateView state, String value, String code) {
        state.put(key("kept"), "before");
        Object found = scripts.failure(store + "('kept', " + value + ")", "code");
        if (!code.equals(found)) {
            wrong.add(value + " gave " + found + " in place of " + code);
        }
        if (!"before".equals(state.get(key("kept")).orElseThrow().json())) {
            wrong.add(value + " was refused and stored");
        }
    }
}
