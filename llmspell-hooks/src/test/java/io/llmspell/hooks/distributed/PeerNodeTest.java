package io.llmspell.hooks.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditReport;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Write;
import io.llmspell.hooks.FireResult;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** Several runtimes in one process that share contexts. */
@Timeout(30)
class PeerNodeTest {
    private static final HookPoint POINT = HookPoint.custom("shared");
    private static final Set<String> ALL = Set.of(DistributedHookContext.ALL);
    private static final PeerKey KEY = PeerKey.of("shared", ContextAttack.secret(9), "a", "b", "c", "d");

    private final ManualTime time = new ManualTime();
    private final Map<String, Runtime> runtimes = new LinkedHashMap<>();
    private final List<AuditRecord> audited = new CopyOnWriteArrayList<>();

    /** One runtime: its hooks and its node. */
    private final class Runtime {
        final Hooks hooks = Hooks.builder().time(time).build();
        final PeerNode node;
        final List<String> seen = new CopyOnWriteArrayList<>();

        Runtime(String agent) {
            node = PeerNode.builder(hooks, time, agent, KEY)
                    .nodeId("node-" + agent)
                    .capabilities("can-" + agent)
                    .policy(new PeerPolicy(ALL, ALL, ALL))
                    .audit(new Recorder())
                    .build();
        }

        Runtime knows(String... agents) {
            for (String agent : agents) {
                node.add(new Line(agent, request -> request, answer -> answer));
            }
            return this;
        }

        Runtime decides(Hook hook) {
            hooks.registry().register(POINT, "local", context -> {
                seen.add(String.valueOf(context.data()));
                return hook.execute(context);
            });
            return this;
        }

        void sends(Propagation where) {
            node.register(hooks.registry(), POINT, closed("sends"), where);
        }

        FireResult fire(Object data) {
            return hooks.fire(POINT, data, Caller.host(new CorrelationId("run-7")));
        }
    }

    private final class Recorder implements AuditLog {
        @Override
        public void append(AuditRecord record) {
            audited.add(record);
        }

        @Override
        public Write stage(AuditRecord record) {
            throw new InvalidStateException("nothing is staged here");
        }

        @Override
        public List<AuditRecord> query(AuditQuery query) {
            return audited.stream().filter(query::matches).toList();
        }

        @Override
        public AuditReport verify() {
            return new AuditReport(audited.size(), 0, null);
        }
    }

    /** A transport within the process, with somebody on the line. */
    private class Line implements HookPeer {
        private final String agent;
        private final UnaryOperator<Bytes> there;
        private final UnaryOperator<Bytes> back;

        Line(String agent, UnaryOperator<Bytes> there, UnaryOperator<Bytes> back) {
            this.agent = agent;
            this.there = there;
            this.back = back;
        }

        @Override
        public String agentId() {
            return agent;
        }

        @Override
        public Optional<String> address() {
            return Optional.empty();
        }

        @Override
        public Mono<Bytes> send(Bytes context, NetworkPriority priority) {
            return runtime(agent).node.receive(there.apply(context), "10.0.0.9").map(back);
        }
    }

    @AfterEach
    void close() {
        runtimes.values().forEach(runtime -> {
            runtime.node.close();
            runtime.hooks.close();
        });
    }

    private Runtime runtime(String agent) {
        return runtimes.computeIfAbsent(agent, Runtime::new);
    }

    private static HookOptions closed(String name) {
        return HookOptions.builder(name)
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
    }

    private static Propagation waiting(String... agents) {
        return Propagation.to(agents).awaiting(Duration.ofSeconds(30));
    }

    // ---- decisions come back ----

    @Test
    void remoteDecision_isTheHooksResult() {
        runtime("a").knows("b").sends(waiting("b"));
        AtomicReference<HookResult> decision = new AtomicReference<>(HookResult.proceed());
        runtime("b").decides(context -> decision.get());

        assertThat(runtime("a").fire("x").result()).isEqualTo(HookResultKind.CONTINUE);
        decision.set(HookResult.modified("changed"));
        assertThat(runtime("a").fire("x").data()).isEqualTo("changed");
        decision.set(HookResult.replace(JsonObject.of("answer", 42)));
        assertThat(runtime("a").fire("x").data()).isEqualTo(JsonObject.of("answer", 42));
        decision.set(HookResult.cancel("not here"));
        assertThat(runtime("a").fire("x").reason()).isEqualTo("agent b: not here");
        decision.set(HookResult.skipped("n/a"));
        assertThat(runtime("a").fire("x").result()).isEqualTo(HookResultKind.CONTINUE);
        assertThat(runtime("b").seen).containsExactly("x", "x", "x", "x", "x");
    }

    @Test
    void remoteHook_seesDataButHasTheRightsOfAPeer() {
        runtime("a").knows("b").sends(waiting("b"));
        AtomicReference<String> seen = new AtomicReference<>();
        runtime("b").decides(context -> {
            seen.set(
                    context.caller().principal().text() + " " + context.caller().correlation() + " "
                            + context.component() + " " + context.metadata() + " "
                            + context.caller().hookDepth());
            assertThat(context.snapshot().principal()).isEqualTo("runtime:peer");
            return HookResult.proceed();
        });
        runtime("a")
                .hooks
                .registry()
                .register(POINT, HookOptions.builder("notes").priority(-1).build(), context -> {
                    context.putMetadata("note", "kept");
                    return HookResult.proceed();
                });

        assertThat(runtime("a").fire("x").result()).isEqualTo(HookResultKind.CONTINUE);
        assertThat(seen).hasValue("runtime:peer run-7 remote/a/hooks {note=kept} 1");
    }

    @Test
    void traceparent_goesAlongWithASpanOfItsOwn() {
        Runtime a = runtime("a").knows("b");
        a.sends(waiting("b"));
        AtomicReference<String> seen = new AtomicReference<>();
        runtime("b").decides(context -> {
            seen.set(context.caller().traceparent());
            return HookResult.proceed();
        });
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        a.hooks.fire(POINT, "x", Caller.host(new CorrelationId("run")).traced(trace));

        assertThat(seen.get()).startsWith(trace.substring(0, 36)).isNotEqualTo(trace);
        a.hooks.fire(POINT, "x", Caller.host(new CorrelationId("run")));
        assertThat(seen.get()).isNull();
    }

    @Test
    void severalPeers_highestRankWins() {
        runtime("a").knows("b", "c", "d").sends(waiting("b", "c", "d"));
        runtime("b").decides(context -> HookResult.modified("b"));
        runtime("c").decides(context -> HookResult.replace("c"));
        AtomicReference<HookResult> last = new AtomicReference<>(HookResult.replace("d"));
        runtime("d").decides(context -> last.get());

        assertThat(runtime("a").fire("x").data()).isEqualTo("c");
        last.set(HookResult.cancel("no"));
        assertThat(runtime("a").fire("x").reason()).isEqualTo("agent d: no");
    }

    @Test
    void metadata_reachesTheReceivers() {
        Runtime a = runtime("a").knows("b");
        AtomicReference<Object> seen = new AtomicReference<>();
        runtime("b").decides(context -> {
            seen.set(context.operation().input());
            return HookResult.proceed();
        });
        AtomicReference<List<RemoteResult>> results = new AtomicReference<>();
        a.hooks
                .registry()
                .registerReactive(
                        POINT,
                        HookOptions.named("sends"),
                        context -> a.node.send(context, waiting("b"), Map.of("why", "test"))
                                .map(each -> {
                                    results.set(each);
                                    return HookResult.proceed();
                                }));
        a.fire("x");

        assertThat(results.get()).singleElement().satisfies(result -> {
            assertThat(result.nodeId()).isEqualTo("node-b");
            assertThat(result.agentId()).isEqualTo("b");
            assertThat(result.result()).isEqualTo(HookResultKind.CONTINUE);
        });
        assertThat((JsonObject) seen.get())
                .containsEntry("agent_id", "a")
                .containsEntry("metadata", JsonObject.of("why", "test"))
                .containsEntry("capabilities", List.of("can-a"))
                .containsEntry("data", "x");
    }

    // ---- failures ----

    @Test
    void remoteGuardThatFails_isPassedOverOrFails() {
        runtime("a").knows("b").sends(waiting("b"));
        Runtime strict = runtime("c").knows("b");
        strict.sends(waiting("b").failing());
        runtime("b").hooks.registry().register(POINT, closed("guard"), context -> {
            throw new ArgumentException("the secret is 42");
        });

        assertThat(runtime("a").fire("x").result()).isEqualTo(HookResultKind.CONTINUE);
        assertThatThrownBy(() -> strict.fire("x"))
                .isInstanceOf(HookException.class)
                .hasMessageContaining("agent \"b\" gave no decision")
                .hasMessageContaining("hook_failed")
                .hasMessageNotContaining("42");
    }

    @Test
    void unknownTarget_isPassedOverOrFails() {
        runtime("a").sends(waiting("nobody"));
        Runtime strict = runtime("b");
        strict.sends(waiting("nobody").failing());

        assertThat(runtime("a").fire("x").result()).isEqualTo(HookResultKind.CONTINUE);
        assertThatThrownBy(() -> strict.fire("x")).hasMessageContaining("is no peer");
    }

    @Test
    void silentPeer_isWaitedForUntilTheTimeout() {
        Runtime a = runtime("a");
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        a.node.add(new Line("b", request -> request, answer -> answer) {
            @Override
            public Mono<Bytes> send(Bytes context, NetworkPriority priority) {
                asked.countDown();
                return Mono.<Bytes>never().doOnCancel(left::countDown);
            }
        });
        a.sends(Propagation.to("b").awaiting(Duration.ofSeconds(2)).failing());
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                a.fire("x");
                failure.complete(null);
            } catch (LlmSpellException refused) {
                failure.complete(refused);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().until(() -> asked.getCount() == 0);
        time.advance(Duration.ofSeconds(2));

        assertThat(failure.orTimeout(10, TimeUnit.SECONDS).join()).hasMessageContaining("did not answer within PT2S");
        await().until(() -> left.getCount() == 0);
    }

    @Test
    void contextThatIsTooLarge_isNotSent() {
        runtime("a").knows("b").sends(waiting("b").failing());
        runtime("b").decides(context -> HookResult.proceed());

        assertThatThrownBy(() -> runtime("a").fire("x".repeat(300_000))).hasMessageContaining("context_too_large");
        assertThat(runtime("b").seen).isEmpty();
    }

    @Test
    void decisionThatIsTooLarge_isAFailureOfThePeer() {
        runtime("a").knows("b").sends(waiting("b").failing());
        runtime("b").decides(context -> HookResult.modified("x".repeat(300_000)));

        assertThatThrownBy(() -> runtime("a").fire("x")).hasMessageContaining("context_too_large");
    }

    // ---- attackers on the line ----

    private void line(UnaryOperator<Bytes> there, UnaryOperator<Bytes> back) {
        Runtime a = runtime("a");
        a.node.add(new Line("b", there, back));
        a.sends(waiting("b").failing());
        runtime("b").decides(context -> HookResult.modified("genuine"));
    }

    private static Bytes flipped(Bytes bytes) {
        byte[] all = bytes.toArray();
        all[all.length - 3] ^= 1;
        return Bytes.own(all);
    }

    @Test
    void changedContext_isRefusedAndAudited() {
        line(PeerNodeTest::flipped, answer -> answer);

        assertThatThrownBy(() -> runtime("a").fire("x")).hasMessageContaining("context_unsigned");
        assertThat(runtime("b").seen).isEmpty();
        assertThat(audited).singleElement().satisfies(record -> {
            assertThat(record.allowed()).isFalse();
            assertThat(record.action()).isEqualTo("context.receive");
            assertThat(record.reason()).isEqualTo("context_unsigned");
            assertThat(record.target()).isEqualTo("unknown at 10.0.0.9");
            assertThat(record.principal().text()).isEqualTo("runtime:peer");
        });
    }

    @Test
    void changedAnswer_isRefused() {
        line(request -> request, PeerNodeTest::flipped);

        assertThatThrownBy(() -> runtime("a").fire("x")).hasMessageContaining("context_unsigned");
    }

    @Test
    void replayedContext_isRefusedAndAudited() {
        AtomicReference<Bytes> first = new AtomicReference<>();
        line(
                request -> {
                    first.compareAndSet(null, request);
                    return first.get();
                },
                answer -> answer);

        assertThat(runtime("a").fire("x").data()).isEqualTo("genuine");
        assertThatThrownBy(() -> runtime("a").fire("y")).hasMessageContaining("context_replayed");
        assertThat(runtime("b").seen).containsExactly("x");
        assertThat(audited).extracting(AuditRecord::reason).containsExactly("context_replayed");
        assertThat(audited.get(0).target()).isEqualTo("agent:a at 10.0.0.9");
        assertThat(audited.get(0).correlation()).isEqualTo(new CorrelationId("run-7"));
    }

    @Test
    void answerToAnotherContext_isRefused() {
        AtomicReference<Bytes> first = new AtomicReference<>();
        line(request -> request, answer -> {
            first.compareAndSet(null, answer);
            return first.get();
        });

        assertThat(runtime("a").fire("x").data()).isEqualTo("genuine");
        assertThatThrownBy(() -> runtime("a").fire("y")).hasMessageContaining("context_refused");
    }

    @Test
    void answerSentAsContext_isRefused() {
        AtomicReference<Bytes> stolen = new AtomicReference<>();
        line(request -> request, answer -> {
            stolen.set(answer);
            return answer;
        });
        runtime("a").fire("x");

        assertThatThrownBy(() -> runtime("a").node.receive(stolen.get(), null).block())
                .hasMessageContaining("answer");
    }

    @Test
    void contextReflectedToItsSender_isRefused() {
        AtomicReference<Bytes> stolen = new AtomicReference<>();
        line(
                request -> {
                    stolen.set(request);
                    return request;
                },
                answer -> answer);
        runtime("a").fire("x");

        assertThatThrownBy(() -> runtime("a").node.receive(stolen.get(), null).block())
                .hasMessageContaining("not for this one");
    }

    // ---- hops ----

    @Test
    void broadcast_reachesAllOnceOverSeveralHops() {
        runtime("a").knows("b").sends(Propagation.toAll().awaiting(Duration.ofSeconds(30)));
        runtime("b").knows("a", "c").decides(context -> HookResult.proceed());
        runtime("c").knows("a", "b", "d").decides(context -> HookResult.proceed());
        runtime("d").knows("a", "b", "c").decides(context -> HookResult.cancel("from the end"));
        runtime("a").seen.clear();

        assertThat(runtime("a").fire("x").reason()).isEqualTo("agent d: from the end");
        for (String agent : List.of("b", "c", "d")) {
            assertThat(runtime(agent).seen).as(agent).containsExactly("x");
        }
        assertThat(audited).isEmpty();
    }

    @Test
    void hops_areLimited() {
        runtime("a").knows("b").sends(Propagation.toAll().within(2).awaiting(Duration.ofSeconds(30)));
        runtime("b").knows("c").decides(context -> HookResult.proceed());
        runtime("c").knows("d").decides(context -> HookResult.proceed());
        runtime("d").decides(context -> HookResult.cancel("too far"));

        assertThat(runtime("a").fire("x").result()).isEqualTo(HookResultKind.CONTINUE);
        assertThat(runtime("c").seen).containsExactly("x");
        assertThat(runtime("d").seen).isEmpty();
    }

    @Test
    void targetBehindAnother_isReachedThroughIt() {
        runtime("a").knows("b").sends(waiting("b", "c").failing());
        runtime("b").knows("c").decides(context -> HookResult.proceed());
        runtime("c").decides(context -> HookResult.modified("from c"));

        assertThat(runtime("a").fire("x").data()).isEqualTo("from c");
    }

    // ---- without waiting ----

    @Test
    void withoutWaiting_theOperationGoesOnAtOnce() {
        runtime("a").knows("b").sends(Propagation.to("b").urgent(NetworkPriority.HIGH));
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        runtime("b")
                .hooks
                .registry()
                .register(
                        POINT,
                        HookOptions.builder("slow")
                                .timeout(Duration.ofMinutes(1))
                                .build(),
                        context -> {
                            go.await();
                            done.incrementAndGet();
                            return HookResult.cancel("nobody hears this");
                        });

        assertThat(runtime("a").fire("x").result()).isEqualTo(HookResultKind.CONTINUE);
        assertThat(done).hasValue(0);
        go.countDown();
        await().untilAtomic(done, org.hamcrest.Matchers.is(1));
    }

    @Test
    void peerThatWasTakenAway_isNotAsked() {
        Runtime a = runtime("a");
        Handle way = a.node.add(new Line("b", request -> request, answer -> answer));
        runtime("b").decides(context -> HookResult.cancel("no"));
        a.sends(waiting("b"));
        assertThat(a.fire("x").result()).isEqualTo(HookResultKind.CANCEL);
        way.close();

        assertThat(a.fire("x").result()).isEqualTo(HookResultKind.CONTINUE);
    }

    @Test
    void closedNode_takesNothingMore() {
        Runtime b = runtime("b");
        b.node.close();
        b.node.close();

        assertThatThrownBy(() -> b.node.receive(Bytes.utf8("x"), null).block())
                .isInstanceOf(InvalidStateException.class);
    }

    @Test
    void manyAtOnce_eachGetsItsOwnDecision() {
        runtime("a").knows("b").sends(waiting("b"));
        runtime("b").decides((HookContext context) -> HookResult.modified("seen " + context.data()));
        List<CompletableFuture<Object>> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            int number = i;
            CompletableFuture<Object> result = new CompletableFuture<>();
            all.add(result);
            Thread thread = new Thread(
                    () -> result.complete(runtime("a").fire("n" + number).data()));
            thread.setDaemon(true);
            thread.start();
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo("seen n" + i);
        }
    }

    @Test
    void badSettings_areRefused() {
        Hooks hooks = runtime("a").hooks;

        assertThatThrownBy(() -> PeerNode.builder(hooks, time, "stranger", KEY)).hasMessageContaining("held");
        assertThatThrownBy(() -> PeerNode.builder(hooks, time, "*", KEY)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> PeerNode.builder(hooks, time, "a", KEY).address("example.org"))
                .isInstanceOf(ArgumentException.class);
    }
}
