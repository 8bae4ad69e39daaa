package io.llmspell.state.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.States;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.StoreAuditLog;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharingTest {
    private static final Caller HOST = Caller.host(new CorrelationId("run-1"));
    private static final RecordCodec CODEC = RecordCodecs.create(JsonCodec.create());

    private final StorageBackend store =
            MemoryStorage.create(Set.of(Space.STATE, Space.META, Space.EVENTS, Space.AUDIT));
    private final ManualTime time = new ManualTime();
    private StateManager state = open();
    private Sharing sharing = Sharing.over(state, time);

    private StateManager open() {
        return States.builder()
                .storage(store)
                .codec(CODEC)
                .gate(new PassThroughGate())
                .audit(StoreAuditLog.on(store, CODEC))
                .time(time)
                .build();
    }

    @AfterEach
    void close() {
        state.close();
        store.close();
    }

    private static Caller as(String agent) {
        return HOST.as(new Principal.Agent(agent));
    }

    private static List<@Nullable Object> all(Channel channel, String agent) {
        List<@Nullable Object> payloads = new ArrayList<>();
        for (var next = channel.receive(as(agent)); next.isPresent(); next = channel.receive(as(agent))) {
            payloads.add(next.get().payload());
        }
        return payloads;
    }

    private static void fails(ErrorCode code, ThrowingCallable attempt, String... texts) {
        assertThatThrownBy(attempt).isInstanceOfSatisfying(LlmSpellException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            for (String text : texts) {
                assertThat(e.text()).contains(text);
            }
        });
    }

    @Test
    void broadcast_reachesEveryReceiver_inOrder_andNobodyElse() {
        Channel news = sharing.create(ChannelPlan.broadcast("news", List.of("ann"), List.of("bob", "cid")), HOST);
        assertThat(news.send("one", as("ann"))).isEqualTo(1);
        assertThat(news.send(Map.of("n", 2), as("ann"))).isEqualTo(2);
        news.send("three", HOST);

        assertThat(all(news, "bob")).containsExactly("one", Map.of("n", 2L), "three");
        assertThat(news.waiting("cid", HOST)).isEqualTo(3);
        ChannelMessage first = news.receive(as("cid")).orElseThrow();
        assertThat(first).isEqualTo(new ChannelMessage(1, MessageKind.MESSAGE, "ann", "cid", "one", 0, first.sentAt()));
        fails(ErrorCode.ACCESS_DENIED, () -> news.send("no", as("bob")));
        fails(ErrorCode.ACCESS_DENIED, () -> news.receive(as("ann")));
        fails(ErrorCode.ACCESS_DENIED, () -> news.receive(as("eve")));
        fails(ErrorCode.ACCESS_DENIED, () -> news.waiting("bob", as("eve")));
    }

    @Test
    void requests_areAnsweredOnce_byTheOneAsked() {
        Channel desk = sharing.create(
                ChannelPlan.requestResponse("desk", List.of("ann", "bob"), List.of("oracle", "pythia")), HOST);
        fails(ErrorCode.INVALID_ARGUMENT, () -> desk.send("to whom?", as("ann")), "oracle, pythia");
        long asked = desk.send("oracle", "why?", as("ann"));
        desk.send("oracle", "how?", as("bob"));

        ChannelMessage request = desk.receive(as("oracle")).orElseThrow();
        assertThat(request.kind()).isEqualTo(MessageKind.REQUEST);
        fails(ErrorCode.INVALID_ARGUMENT, () -> desk.respond(request, "mine", as("pythia")), "a request that it has");
        ChannelMessage forged =
                new ChannelMessage(request.number(), MessageKind.REQUEST, "ann", "pythia", null, 0, request.sentAt());
        fails(ErrorCode.INVALID_STATE, () -> desk.respond(forged, "mine", as("pythia")), "no request 1 to pythia");
        desk.respond(request, "because", as("oracle"));
        fails(ErrorCode.INVALID_STATE, () -> desk.respond(request, "again", as("oracle")), "answered once");

        ChannelMessage answer = desk.receive(as("ann")).orElseThrow();
        assertThat(answer.kind()).isEqualTo(MessageKind.RESPONSE);
        assertThat(answer.answers()).isEqualTo(asked);
        assertThat(answer.payload()).isEqualTo("because");
        assertThat(desk.receive(as("bob"))).isEmpty();
        fails(ErrorCode.INVALID_ARGUMENT, () -> desk.send("oracle", "?", HOST), "who gets the answer");
    }

    @Test
    void openRequests_haveALimit() {
        Channel desk = sharing.create(ChannelPlan.requestResponse("desk", List.of("ann"), List.of("oracle")), HOST);
        List<ChannelMessage> taken = new ArrayList<>();
        for (int i = 0; i < Channel.MOST_MESSAGES; i++) {
            desk.send(i, as("ann"));
            taken.add(desk.receive(as("oracle")).orElseThrow());
        }
        fails(ErrorCode.LIMIT_EXCEEDED, () -> desk.send("more", as("ann")), "requests wait", "max_channel_messages");
        desk.respond(taken.get(0), "done", as("oracle"));
        desk.send("more", as("ann"));
    }

    @Test
    void collaborative_reachesAllOthers_fromAnybody() {
        Channel table = sharing.create(ChannelPlan.collaborative("table", List.of("ann", "bob", "cid")), HOST);
        table.send("a", as("ann"));
        table.send("b", as("bob"));
        table.send("cid", "for cid", as("ann"));
        table.send("host", HOST);
        assertThat(all(table, "ann")).containsExactly("b", "host");
        assertThat(all(table, "bob")).containsExactly("a", "host");
        assertThat(all(table, "cid")).containsExactly("a", "b", "for cid", "host");
    }

    @Test
    void pipeline_handsOnFromStageToStage() {
        Channel line = sharing.create(ChannelPlan.pipeline("line", List.of("read", "think", "write")), HOST);
        line.send("raw", HOST);
        line.send(line.receive(as("read")).orElseThrow().payload() + " text", as("read"));
        assertThat(line.receive(as("write"))).isEmpty();
        line.send(line.receive(as("think")).orElseThrow().payload() + ", thought", as("think"));
        assertThat(line.receive(as("write")).orElseThrow().payload()).isEqualTo("raw text, thought");
        fails(ErrorCode.INVALID_ARGUMENT, () -> line.send("write", "skip", as("read")), "[think]");
        fails(ErrorCode.ACCESS_DENIED, () -> line.send("on", as("write")));
    }

    @Test
    void hierarchical_reachesBelowAndAbove() {
        Channel team = sharing.create(
                ChannelPlan.hierarchical("team", "chief", Map.of("left", "chief", "right", "chief", "leaf", "left")),
                HOST);
        team.send("all", as("chief"));
        team.send("leaf", "down", as("left"));
        team.send("left", "up", as("leaf"));
        team.send("chief", "report", as("left"));
        fails(ErrorCode.INVALID_ARGUMENT, () -> team.send("right", "aside", as("left")), "leaf", "chief");
        fails(ErrorCode.INVALID_ARGUMENT, () -> team.send("nobody named", as("leaf")), "[left]");
        assertThat(all(team, "left")).containsExactly("all", "up");
        assertThat(all(team, "right")).containsExactly("all");
        assertThat(all(team, "leaf")).containsExactly("down");
        assertThat(all(team, "chief")).containsExactly("report");
    }

    @Test
    void full_isSaid_andNobodyGetsTheMessage() {
        Channel news = sharing.create(ChannelPlan.broadcast("news", List.of("ann"), List.of("bob", "cid")), HOST);
        for (int i = 0; i < Channel.MOST_MESSAGES; i++) {
            news.send("bob", i, as("ann"));
        }
        fails(
                ErrorCode.LIMIT_EXCEEDED,
                () -> news.send("too many", as("ann")),
                "1000 messages wait for bob",
                "broadcast channel news",
                "must receive first");
        assertThat(news.waiting("cid", HOST)).isZero();
        assertThat(news.receive(as("bob")).orElseThrow().payload()).isEqualTo(0L);
        news.send("fits", as("ann"));
        assertThat(all(news, "bob")).hasSize(1_000).endsWith("fits");
    }

    @Test
    void messages_stayOverARestart_andPeekLeavesThem() {
        Channel news = sharing.create(ChannelPlan.broadcast("news", List.of("ann"), List.of("bob", "cid")), HOST);
        news.send("kept", as("ann"));
        state.close();
        state = open();
        sharing = Sharing.over(state, time);

        Channel again = sharing.find("news", as("bob")).orElseThrow();
        assertThat(again.plan()).isEqualTo(news.plan());
        assertThat(again.peek(as("bob")).orElseThrow().payload()).isEqualTo("kept");
        assertThat(again.peek(as("bob"))).isPresent();
        assertThat(all(again, "bob")).containsExactly("kept");
        assertThat(again.peek(as("bob"))).isEmpty();
    }

    @Test
    void create_again_completesTheSame_andRefusesAnother() {
        ChannelPlan plan = ChannelPlan.pipeline("line", List.of("a", "b"));
        Channel line = sharing.create(plan, HOST);
        line.send("kept", HOST);
        state.access(HOST).revoke(line.scope(), "a");
        fails(ErrorCode.ACCESS_DENIED, () -> line.receive(as("a")));

        assertThat(sharing.create(plan, HOST).receive(as("a"))).isPresent();
        fails(
                ErrorCode.INVALID_STATE,
                () -> sharing.create(ChannelPlan.collaborative("line", List.of("a", "b")), HOST),
                "pipeline channel line",
                "remove it first");
    }

    @Test
    void remove_takesMessagesAndGrants() {
        Channel line = sharing.create(ChannelPlan.pipeline("line", List.of("a", "b")), HOST);
        line.send("lost", HOST);
        assertThat(sharing.remove("line", HOST)).isTrue();
        assertThat(sharing.remove("line", HOST)).isFalse();
        assertThat(sharing.find("line", HOST)).isEmpty();
        assertThat(state.access(HOST).grants()).isEmpty();
        assertThat(state.as(HOST).keys(Scope.custom("channel-data:line"))).isEmpty();
        fails(ErrorCode.ACCESS_DENIED, () -> line.receive(as("a")));
        fails(ErrorCode.INVALID_STATE, () -> line.send("x", HOST), "was removed");
    }

    /** Whoever kept the object of a channel uses that channel, and not the one that came in its place. */
    @Test
    void channelOfTheSameIdMadeAnew_isAnotherOne() {
        ChannelPlan first = ChannelPlan.collaborative("table", List.of("ann", "bob"));
        Channel old = sharing.create(first, HOST);
        sharing.remove("table", HOST);
        Channel fresh = sharing.create(ChannelPlan.collaborative("table", List.of("bob", "ann")), HOST);
        fresh.send("bob", "for bob", HOST);

        fails(ErrorCode.INVALID_STATE, () -> old.send("ann", "for ann", HOST), "was removed");
        fails(ErrorCode.INVALID_STATE, () -> old.receive(as("ann")), "was removed");
        fails(ErrorCode.INVALID_STATE, () -> old.peek(as("bob")), "was removed");
        fails(ErrorCode.INVALID_STATE, () -> old.waiting("bob", HOST), "was removed");
        assertThat(all(fresh, "ann")).isEmpty();
        assertThat(all(fresh, "bob")).containsExactly("for bob");
        assertThat(all(sharing.find("table", HOST).orElseThrow(), "bob")).isEmpty();
    }

    @Test
    void requestOfAChannelThatWasMadeAnew_isNotAnsweredInTheNewOne() {
        ChannelPlan plan = ChannelPlan.requestResponse("desk", List.of("ann"), List.of("bob"));
        Channel old = sharing.create(plan, HOST);
        old.send("old", as("ann"));
        ChannelMessage request = old.receive(as("bob")).orElseThrow();
        sharing.remove("desk", HOST);
        Channel fresh = sharing.create(plan, HOST);
        fresh.send("new", as("ann"));

        fails(ErrorCode.INVALID_STATE, () -> old.respond(request, "to the old one", as("bob")), "was removed");
        assertThat(fresh.receive(as("ann"))).isEmpty();
    }

    @Test
    void messageOfAnUnknownKind_isADamagedStore() {
        Channel line = sharing.create(ChannelPlan.pipeline("line", List.of("a", "b")), HOST);
        line.send("x", HOST);
        StateKey key = StateKey.of(
                Scope.custom("channel-data:line"),
                state.as(HOST).keys(Scope.custom("channel-data:line")).stream()
                        .filter(name -> name.startsWith("message:"))
                        .findFirst()
                        .orElseThrow());
        state.as(HOST).update(key, old -> ((JsonObject) old).with("kind", "shout"));
        fails(ErrorCode.STORE_CORRUPT, () -> line.receive(as("a")), "remove the channel");
    }

    /** Others are faster all the time; they get through one after another, so nothing is wrong. */
    @Test
    void triesThatLost_areToldToNobody() {
        AtomicInteger conflicts = new AtomicInteger();
        AtomicInteger more = new AtomicInteger(3);
        try (Hooks hooks = Hooks.builder().time(time).build();
                StateManager manager = States.builder()
                        .storage(MemoryStorage.create(Set.of(Space.STATE, Space.META)))
                        .codec(CODEC)
                        .gate(hooks.gate())
                        .time(time)
                        .build()) {
            Channel table =
                    Sharing.over(manager, time).create(ChannelPlan.collaborative("table", List.of("ann", "bob")), HOST);
            hooks.registry().register(HookPoint.STATE_CONFLICT, HookOptions.named("count"), context -> {
                conflicts.incrementAndGet();
                return HookResult.proceed();
            });
            hooks.registry().register(HookPoint.BEFORE_STATE_WRITE, HookOptions.named("faster"), context -> {
                if (String.valueOf(context.data()).contains("from ann") && more.getAndDecrement() > 0) {
                    table.send("from bob", as("bob"));
                }
                return HookResult.proceed();
            });
            table.send("from ann", as("ann"));
            assertThat(all(table, "ann")).containsExactly("from bob", "from bob", "from bob");
            assertThat(all(table, "bob")).containsExactly("from ann");
        }
        assertThat(conflicts).hasValue(0);
    }

    @Test
    void agents_cannotMakeFindOrRemoveChannels_norReachWhatIsKeptOfThem() {
        ChannelPlan plan = ChannelPlan.pipeline("line", List.of("a", "b"));
        fails(ErrorCode.ACCESS_DENIED, () -> sharing.create(plan, as("a")));
        Channel line = sharing.create(plan, HOST);
        line.send("canary", HOST);
        fails(ErrorCode.ACCESS_DENIED, () -> sharing.find("line", as("eve")));
        fails(ErrorCode.ACCESS_DENIED, () -> sharing.remove("line", as("a")));
        fails(ErrorCode.ACCESS_DENIED, () -> state.as(as("b")).all(Scope.custom("channel-data:line")));
        assertThat(state.as(as("b")).all(line.scope())).isEmpty();
    }

    @Test
    void revocationAndCutOff_bindTheNextCall_andAreAudited() {
        Channel table = sharing.create(ChannelPlan.collaborative("table", List.of("ann", "bob")), HOST);
        table.send("1", as("ann"));
        state.access(HOST).cutOff("bob", "test");
        fails(ErrorCode.ACCESS_DENIED, () -> table.receive(as("bob")), "cut off");
        state.access(HOST).restore("bob");
        assertThat(table.receive(as("bob"))).isPresent();
        state.access(HOST).revoke(table.scope(), "ann");
        fails(ErrorCode.ACCESS_DENIED, () -> table.send("2", as("ann")));

        List<AuditRecord> refused =
                state.access(HOST).audit(AuditQuery.newest(10).allowed(false));
        assertThat(refused)
                .extracting(record -> record.principal().text() + " " + record.action() + " " + record.target())
                .containsExactly(
                        "agent:ann state.write custom:channel:table", "agent:bob state.read custom:channel:table");
    }

    @Test
    void manyAtOnce_loseAndDoubleNothing() throws InterruptedException {
        Channel table = sharing.create(ChannelPlan.collaborative("table", List.of("a", "b", "c", "d")), HOST);
        int each = 50;
        ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        for (String member : List.of("a", "b", "c", "d")) {
            pool.execute(() -> {
                for (int i = 0; i < each; i++) {
                    table.send(member + i, as(member));
                }
            });
            pool.execute(() -> {
                for (int got = 0; got < 3 * each; ) {
                    var next = table.receive(as(member));
                    next.ifPresent(message -> received.add(member + " " + message.payload()));
                    got += next.isPresent() ? 1 : 0;
                }
            });
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        assertThat(received).hasSize(4 * 3 * each);
        assertThat(new TreeSet<>(received)).hasSize(4 * 3 * each);
    }

    @Test
    void plans_thatMakeNoSense_areRefused() {
        for (ThrowingCallable wrong : List.<ThrowingCallable>of(
                () -> ChannelPlan.pipeline("a:b", List.of("x", "y")),
                () -> ChannelPlan.pipeline("", List.of("x", "y")),
                () -> ChannelPlan.pipeline("p", List.of("x")),
                () -> ChannelPlan.pipeline("p", List.of("x", "y", "x")),
                () -> ChannelPlan.pipeline("p", List.of("x", "host")),
                () -> ChannelPlan.pipeline("p", List.of("x", "y".repeat(129))),
                () -> ChannelPlan.broadcast("p", List.of(), List.of("x", "y")),
                () -> ChannelPlan.broadcast("p", List.of("x"), List.of()),
                () -> ChannelPlan.collaborative(
                        "p", IntStream.range(0, 65).mapToObj(String::valueOf).toList()),
                () -> ChannelPlan.collaborative("p", List.of("ren\u00e9", "rene\u0301")),
                () -> ChannelPlan.requestResponse("p", List.of("x", "y"), List.of("y")),
                () -> ChannelPlan.hierarchical("p", "top", Map.of("x", "y", "y", "x")),
                () -> ChannelPlan.hierarchical("p", "top", Map.of("x", "nobody")),
                () -> ChannelPlan.hierarchical("p", "top", Map.of("top", "top")))) {
            assertThatThrownBy(wrong).isInstanceOf(ArgumentException.class);
        }
        fails(
                ErrorCode.INVALID_ARGUMENT,
                () -> sharing.create(ChannelPlan.pipeline("p", List.of("x", "y")), HOST)
                        .receive(HOST),
                "an agent");
    }
}
