package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a program binds to its threads, on the threads of hooks. */
class CarriedContextTest {
    private static final String KEY = "llmspell-test";
    private static final ThreadLocal<String> BOUND = new ThreadLocal<>();

    private final Rig rig = new Rig();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void register() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, BOUND::get, BOUND::set, BOUND::remove);
    }

    @AfterEach
    void close() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        BOUND.remove();
        rig.close();
    }

    private HookResult see(String where) {
        seen.add(where + "=" + BOUND.get());
        return HookResult.proceed();
    }

    @Test
    void reactiveCall_hooksOnAnyThread_seeTheSubscribersContext() {
        rig.open(Rig.FIRST, "a", context -> see("first"));
        rig.reactive(
                Rig.BEFORE,
                Rig.at("b", 0),
                context ->
                        Mono.delay(Duration.ofMillis(5), Schedulers.parallel()).thenReturn(HookResult.proceed()));
        rig.open(Rig.AFTER, "c", context -> see("after another thread"));
        rig.passage
                .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                .subscribeOn(Schedulers.boundedElastic())
                .contextWrite(context -> context.put(KEY, "mine"))
                .block();
        rig.passage.callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller()).block();

        assertThat(seen)
                .containsExactly("first=mine", "after another thread=mine", "first=null", "after another thread=null");
        assertThat(BOUND.get()).isNull();
    }

    @Test
    void isolatedHook_seesWhatItsCallerHasBound() {
        HookOptions isolated = HookOptions.builder("isolated").isolated().build();
        rig.hooks.registry().register(Rig.FIRST, isolated, context -> see("isolated"));
        BOUND.set("one");
        rig.call("in");
        BOUND.set("two");
        rig.call("in");
        BOUND.remove();
        rig.call("in");

        assertThat(seen).containsExactly("isolated=one", "isolated=two", "isolated=null");
    }

    @Test
    void childrenOfParallelComposites_seeWhatTheirCallerHasBound() {
        Composition both = Composition.of(new CompositionMode.Parallel(null, false, 0))
                .child("a", context -> see("child"))
                .child("b", context -> see("child"))
                .build(rig.hooks);
        both.register(rig.hooks.registry(), Rig.FIRST, HookOptions.named("both"));
        BOUND.set("mine");
        rig.call("in");

        assertThat(seen).containsExactly("child=mine", "child=mine");
    }
}
