package io.llmspell.bridge.globals;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.script.ScriptValues;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.state.StateWatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The global {@code State}: scoped values that last. */
final class StateGlobal {
    private static final Duration UPDATE_LIMIT = Duration.ofSeconds(5);
    /** Whole numbers of so many bits are exact as doubles. */
    private static final int EXACT_BITS = 53;

    private static final Set<String> SET_OPTIONS = Set.of("ttl_seconds", "class");
    private static final Set<String> BATCH_MEMBERS =
            Set.of("op", "scope", "key", "value", "expected", "ttl_seconds", "class");

    /** What no value ever has: expecting it is a conflict. */
    private static final long NO_VERSION = Long.MAX_VALUE;

    private final GlobalServices services;
    private final SessionCount watches = new SessionCount("max_watches", 1_000);

    private StateGlobal(GlobalServices services) {
        this.services = services;
    }

    static ScriptModule describe(GlobalServices services) {
        StateGlobal state = new StateGlobal(services);
        return ScriptModule.of(
                "State",
                "Scoped values that last.",
                List.of(
                        ScriptFunction.waiting("get = load", "[scope,] key", "Gives a value, or nil.", state::get),
                        ScriptFunction.waiting(
                                "set = save",
                                "[scope,] key, value, options?",
                                "Stores a value; nil removes it.",
                                state::set),
                        ScriptFunction.waiting(
                                "delete",
                                "[scope,] key",
                                "Removes a value; gives whether it was there.",
                                state::delete),
                        ScriptFunction.waiting("exists", "[scope,] key", "Whether a value is there.", state::exists),
                        ScriptFunction.waiting(
                                "list = list_keys = keys", "scope?", "The keys of a scope, sorted.", state::list),
                        ScriptFunction.waiting("all", "scope?", "The keys of a scope with their values.", state::all),
                        ScriptFunction.waiting(
                                "clear",
                                "scope?",
                                "Removes all keys of a scope; gives how many there were.",
                                state::clear),
                        ScriptFunction.waiting(
                                "compare_and_set",
                                "[scope,] key, expected, value",
                                "Stores a value if the present one is as expected (nil: absent); gives whether it was, and"
                                        + " the present value.",
                                state::compareAndSet),
                        ScriptFunction.waiting(
                                "increment",
                                "[scope,] key, delta=1",
                                "Adds to a number, atomically.",
                                state::increment),
                        ScriptFunction.waiting(
                                "update",
                                "[scope,] key, fn(old)",
                                "Stores what fn makes of the old value.",
                                state::update),
                        ScriptFunction.waiting(
                                "batch",
                                "[{op = set, delete or check, scope?, key, value or expected}]",
                                "Changes several values together or not at all.",
                                state::batch),
                        ScriptFunction.plain(
                                "watch",
                                "scope, key pattern, fn",
                                "Calls fn with {scope, key, old_value, new_value} for each change; gives a subscription.",
                                state::watch)));
    }

    private Object watch(ScriptCall call) {
        Scope scope = services.sessions().scope(call, call.text(0, "scope"));
        StateWatch watch = StateWatch.of(scope, call.text(1, "key pattern"));
        ScriptCallback handler = call.callback(2, "fn");
        return StateWatchObject.begin(call, view(call), watch, handler, watches.take(call.session()));
    }

    private StateView view(ScriptCall call) {
        return services.state().as(call.caller());
    }

    private StateKey key(ScriptCall call, boolean scoped) {
        Scope scope = scoped ? services.sessions().scope(call, call.text(0, "scope")) : Scope.GLOBAL;
        int at = scoped ? 1 : 0;
        return StateKey.of(scope, call.text(at, "key"));
    }

    private Scope scope(ScriptCall call) {
        return services.sessions().scope(call, call.text(0, "scope", "global"));
    }

    private @Nullable Object get(ScriptCall call) {
        return view(call).get(key(call, call.size() > 1)).map(StateValue::json).orElse(null);
    }

    private Object set(ScriptCall call) {
        boolean scoped = call.size() > 2;
        StateKey key = key(call, scoped);
        int at = scoped ? 2 : 1;
        if (!call.has(at)) {
            view(call).delete(key);
            return true;
        }
        OptionReader options = new OptionReader(call.function(), call.map(at + 1, "options"), SET_OPTIONS);
        Object value = call.json(at, JsonLimits.VALUE);
        view(call).apply(List.of(put(call, key, value, options))).orThrow();
        return true;
    }

    private static StateChange put(ScriptCall call, StateKey key, @Nullable Object value, OptionReader options) {
        double seconds = options.number("ttl_seconds", 0, 0.001, Integer.MAX_VALUE);
        Duration ttl = seconds > 0 ? Duration.ofMillis((long) (seconds * 1000)) : null;
        return new StateChange.Put(key, value, ttl, stateClass(call, options));
    }

    private static @Nullable StateClass stateClass(ScriptCall call, OptionReader options) {
        String name = options.optionalText("class");
        if (name == null) {
            return null;
        }
        for (StateClass each : StateClass.values()) {
            if (each.id().equals(name)) {
                return each;
            }
        }
        throw new ArgumentException(call.function() + ": class", name, "ephemeral, standard, sensitive or external");
    }

    private Object delete(ScriptCall call) {
        return view(call).delete(key(call, call.size() > 1));
    }

    private Object exists(ScriptCall call) {
        return view(call).exists(key(call, call.size() > 1));
    }

    private Object list(ScriptCall call) {
        return view(call).keys(scope(call));
    }

    private Object all(ScriptCall call) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        view(call).all(scope(call)).forEach((key, value) -> values.put(key, value.json()));
        return values;
    }

    private Object clear(ScriptCall call) {
        return (long) view(call).clear(scope(call));
    }

    private Object compareAndSet(ScriptCall call) {
        boolean scoped = call.size() > 3;
        StateKey key = key(call, scoped);
        int at = scoped ? 2 : 1;
        Object expected = call.json(at, JsonLimits.VALUE);
        Object value = call.json(at + 1, JsonLimits.VALUE);
        StateView view = view(call);
        Expected seen = new Expected(expected);
        try {
            view.update(key, old -> seen.replaced(old, value));
            return ScriptValues.two("ok", true, "current", value);
        } catch (RuntimeException failed) {
            if (seen.same) {
                throw failed;
            }
            view.apply(List.of(new StateChange.Check(key, NO_VERSION))); // a conflict, which hooks and events tell of
            return ScriptValues.two("ok", false, "current", seen.current);
        }
    }

    /** Compares what stands under a key with what a script expects there; for the try that is under way. */
    private static final class Expected {
        private final @Nullable Object expected;
        private @Nullable Object current;
        private boolean same = true;

        Expected(@Nullable Object expected) {
            this.expected = expected;
        }

        /** The new value, if the old one is as expected; else ends the update, and whoever began it knows why. */
        @Nullable Object replaced(@Nullable Object old, @Nullable Object value) {
            current = old;
            same = JsonValues.same(expected, old);
            if (!same) {
                throw new CancellationException("another value is there");
            }
            return value;
        }
    }

    private @Nullable Object increment(ScriptCall call) {
        boolean scoped = call.has(1) && !(call.raw(1) instanceof Number);
        StateKey key = key(call, scoped);
        Number delta = call.number(scoped ? 2 : 1, "delta", 1L);
        return view(call).update(key, old -> sum(key, old, delta));
    }

    private static Number sum(StateKey key, @Nullable Object old, Number delta) {
        if (old == null) {
            return delta;
        }
        if (!(old instanceof Number number)) {
            throw JsonValueException.mismatch(key.toString(), "a number to be incremented", old);
        }
        BigInteger a = whole(number);
        BigInteger b = whole(delta);
        if (a != null && b != null) {
            BigInteger sum = a.add(b);
            return sum.bitLength() < Long.SIZE ? (Number) sum.longValue() : sum;
        }
        if (isDouble(number, a) && isDouble(delta, b)) {
            return number.doubleValue() + delta.doubleValue();
        }
        return decimal(number).add(decimal(delta));
    }

    private static @Nullable BigInteger whole(Number number) {
        if (number instanceof BigInteger big) {
            return big;
        }
        return number instanceof Double || number instanceof BigDecimal ? null : BigInteger.valueOf(number.longValue());
    }

    /** Whether nothing of a number is lost as a double; {@code whole} is its value if it is a whole number. */
    private static boolean isDouble(Number number, @Nullable BigInteger whole) {
        return whole == null ? number instanceof Double : whole.bitLength() <= EXACT_BITS;
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof BigDecimal exact ? exact : new BigDecimal(number.toString());
    }

    private @Nullable Object update(ScriptCall call) {
        boolean scoped = call.size() > 2 && !(call.raw(1) instanceof ScriptCallback);
        StateKey key = key(call, scoped);
        ScriptCallback fn = call.callback(scoped ? 2 : 1, "fn");
        return view(call)
                .update(
                        key,
                        old -> JsonValues.checked(
                                ScriptCall.plain(fn.call(call.caller(), UPDATE_LIMIT, old)), JsonLimits.VALUE));
    }

    private Object batch(ScriptCall call) {
        if (!(call.raw(0) instanceof List<?> entries) || entries.isEmpty()) {
            throw call.wrong(0, "changes", "an array of changes", call.raw(0));
        }
        StateView view = view(call);
        List<StateChange> changes = new ArrayList<>();
        for (Object entry : entries) {
            if (!(entry instanceof Map<?, ?> members)) {
                throw call.wrong(0, "changes", "an array of maps", entry);
            }
            changes.add(change(call, view, members));
        }
        view.apply(changes).orThrow();
        return true;
    }

    @SuppressWarnings("unchecked") // engines give maps with text keys only
    private StateChange change(ScriptCall call, StateView view, Map<?, ?> members) {
        OptionReader entry = new OptionReader(call.function(), (Map<String, @Nullable Object>) members, BATCH_MEMBERS);
        StateKey key =
                StateKey.of(services.sessions().scope(call, entry.text("scope", "global")), entry.requiredText("key"));
        String op = entry.requiredText("op").toLowerCase(Locale.ROOT);
        return switch (op) {
            case "set" -> {
                Object value = JsonValues.checked(ScriptCall.plain(entry.raw("value")), JsonLimits.VALUE);
                yield value == null ? new StateChange.Delete(key) : put(call, key, value, entry); // as State.set does
            }
            case "delete" -> new StateChange.Delete(key);
            case "check" -> check(view, key, ScriptCall.plain(entry.raw("expected")));
            default -> throw new ArgumentException(call.function() + ": op", op, "set, delete or check");
        };
    }

    /** A check of a value becomes a check of the version that holds it; another value can never pass. */
    private static StateChange check(StateView view, StateKey key, @Nullable Object expected) {
        Optional<StateValue> present = view.get(key);
        boolean same = JsonValues.same(expected, present.map(StateValue::json).orElse(null));
        long version = present.map(StateValue::version).orElse(0L);
        return new StateChange.Check(key, same ? version : NO_VERSION);
    }
}
