package io.llmspell.testing.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.core.script.ScriptRecord;
import io.llmspell.core.script.ScriptValues;
import io.llmspell.core.state.StateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The global {@code Probe}, by which scripts of the contract speak to their test. */
final class Probe {
    /** What {@code Probe.given()} gives to the script. */
    final AtomicReference<@Nullable Object> given = new AtomicReference<>();
    /** What the script gave to {@code Probe.take(value)}, as JSON. */
    final AtomicReference<@Nullable Object> taken = new AtomicReference<>();

    final AtomicReference<@Nullable ScriptCallback> kept = new AtomicReference<>();
    /** What {@code Probe.wait()} waits for, serving callbacks. */
    final CompletableFuture<Object> wait = new CompletableFuture<>();

    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch busy = new CountDownLatch(1);
    final List<String> closed = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile Handle retained = Handle.noop();
    private final Thing thing = new Thing("thing-1");

    List<ScriptModule> modules() {
        ScriptModule group = ScriptModule.of(
                "group", "A group.", List.of(ScriptFunction.plain("inner", "", "Inside.", call -> "inside")));
        return List.of(
                new ScriptModule(
                        "Probe",
                        "Speaks to the test.",
                        functions(),
                        List.of(group),
                        name -> name.equals("looked_up") ? "found" : null),
                ScriptModule.of("JSON", "The marks of the engine.", List.of()));
    }

    private List<ScriptFunction> functions() {
        List<ScriptFunction> all = new ArrayList<>(values());
        all.addAll(List.of(
                ScriptFunction.plain("keep", "fn", "Keeps a function.", call -> {
                    kept.set(call.callback(0, "fn"));
                    return null;
                }),
                ScriptFunction.plain("retain", "fn", "Keeps a function for long.", call -> {
                    retained = call.callback(0, "fn").retain();
                    return null;
                }),
                ScriptFunction.plain("call", "ms, ...", "Calls what was kept.", this::call),
                ScriptFunction.waiting("wait", "", "Waits and serves callbacks.", this::await),
                ScriptFunction.plain("signal", "", "Tells the test that the script is here.", call -> {
                    waiting.countDown();
                    return null;
                }),
                ScriptFunction.plain("block", "", "Waits and serves nothing.", this::block),
                ScriptFunction.plain("own", "name", "Owns a handle.", call -> {
                    String name = call.text(0, "name");
                    call.session().own(() -> closed.add(name));
                    return null;
                }),
                ScriptFunction.plain("own_failing", "", "Owns a handle that cannot be closed.", call -> {
                    call.session().own(() -> {
                        throw new StateException(ErrorCode.STATE_CONFLICT, "it does not close");
                    });
                    return null;
                })));
        return all;
    }

    private List<ScriptFunction> values() {
        return List.of(
                ScriptFunction.plain("given", "", "Gives the value of the test.", call -> given.get()),
                ScriptFunction.plain("take", "value", "Takes a value as JSON.", call -> {
                    taken.set(call.json(0, JsonLimits.TOOL));
                    return null;
                }),
                ScriptFunction.plain("echo", "value", "Gives its argument back.", call -> call.raw(0)),
                ScriptFunction.plain("long_name = other_name", "", "Has an alias.", call -> "named"),
                ScriptFunction.plain("two", "", "Gives two values.", call -> ScriptValues.two("a", 1L, "b", 2L)),
                ScriptFunction.plain("count", "...", "Counts its arguments.", call -> (long) call.size()),
                ScriptFunction.plain(
                        "who",
                        "",
                        "Names the run.",
                        call -> call.caller().correlation().text()),
                ScriptFunction.plain("text", "text", "Wants a text.", call -> call.text(0, "text")),
                ScriptFunction.plain("fail", "", "Fails.", call -> {
                    throw new StateException(ErrorCode.STATE_CONFLICT, "the test wants it so");
                }),
                ScriptFunction.plain("crash", "", "Fails as no function should.", call -> {
                    throw new ArithmeticException("secret of the house");
                }),
                ScriptFunction.plain("thing", "", "Gives a handle.", call -> thing),
                ScriptFunction.plain("other_thing", "", "Gives another handle.", call -> new Thing("thing-2")),
                ScriptFunction.plain(
                        "shown",
                        "",
                        "Gives a map that prints.",
                        call -> ScriptRecord.shown(Map.of("text", "plain"), "as text")));
    }

    private @Nullable Object call(ScriptCall call) {
        Duration limit = Duration.ofMillis(call.number(0, "ms", 1_000).longValue());
        return Objects.requireNonNull(kept.get()).call(call.caller(), limit, call.raw(1));
    }

    private Object await(ScriptCall call) {
        waiting.countDown();
        return call.session()
                .awaiter()
                .await(wait, Awaiter.NO_DEADLINE, call.caller().token());
    }

    private Object block(ScriptCall call) {
        busy.countDown();
        return awaitLatch(release);
    }

    /** Ends what {@code Probe.retain(fn)} began. */
    void forget() {
        retained.close();
    }

    /** Lets a script go on that is in {@code Probe.block()} or {@code Probe.wait()}. */
    void open() {
        release.countDown();
        wait.complete("opened");
    }

    static boolean awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(Bench.LONG.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A thing with a member, a method and a member that can be written. */
    private static final class Thing implements ScriptObject {
        private static final ScriptObjectType TYPE = new ScriptObjectType(
                "thing",
                Map.of("size", object -> 3L),
                List.of(
                        ScriptFunction.plain(
                                "add_one",
                                "number",
                                "Adds one.",
                                call -> call.number(0, "number", 0).longValue() + 1),
                        ScriptFunction.plain(
                                "id",
                                "",
                                "Its id.",
                                call -> call.self(Thing.class).id())),
                null,
                (object, name) -> ((Thing) object).written.get(name),
                (object, name, value) -> ((Thing) object).written.put(name, java.util.Objects.requireNonNull(value)),
                false);

        private final String id;
        private final Map<String, @Nullable Object> written = new LinkedHashMap<>();

        Thing(String id) {
            this.id = id;
        }

        @Override
        public ScriptObjectType type() {
            return TYPE;
        }

        @Override
        public String id() {
            return id;
        }
    }
}
