package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * Agents work in their own scopes and try those of the others, from several threads each: every try fails, the log counts
 * exactly as many, and what they own is as they left it.
 */
final class AgentIsolationCheck {
    private static final int AGENTS = 10;
    private static final int THREADS = 4;
    private static final int STEPS = 150;

    private final UnaryOperator<StateManager> plant;
    private final Map<String, AtomicLong> attempts = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> reached = new ConcurrentLinkedQueue<>();

    AgentIsolationCheck(UnaryOperator<StateManager> plant) {
        this.plant = plant;
    }

    private static String name(int agent) {
        return "agent-" + agent;
    }

    void everyCrossScopeAttempt_fails_andIsCounted() throws InterruptedException {
        try (AccessHouse house = new AccessHouse()) {
            StateManager manager = plant.apply(house.manager);
            ExecutorService pool = Executors.newFixedThreadPool(AGENTS * THREADS);
            for (int agent = 0; agent < AGENTS; agent++) {
                for (int thread = 0; thread < THREADS; thread++) {
                    int me = agent;
                    int lane = thread;
                    pool.execute(() -> work(manager, me, lane));
                }
            }
            pool.shutdown();
            assertThat(pool.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
            assertThat(reached).as("what was reached").isEmpty();
            assertThat(denials(house)).as("denials by agent").isEqualTo(attempted());
            for (int agent = 0; agent < AGENTS; agent++) {
                String own = name(agent);
                assertThat(house.host().all(Scope.agent(own)).values())
                        .as("the scope of %s", own)
                        .hasSize(THREADS)
                        .allSatisfy(value -> assertThat(value.json()).isEqualTo(own));
            }
        }
    }

    private void work(StateManager manager, int me, int lane) {
        Caller caller = Fixture.HOST.as(new Principal.Agent(name(me)));
        StateView view = manager.as(caller);
        Random random = new Random(me * 31L + lane);
        StateKey own = StateKey.of(Scope.agent(name(me)), "lane-" + lane);
        for (int step = 0; step < STEPS; step++) {
            writeOwn(view, own, name(me));
            StateKey other = StateKey.of(
                    Scope.agent(name((me + 1 + random.nextInt(AGENTS - 1)) % AGENTS)),
                    "lane-" + random.nextInt(THREADS));
            attempts.computeIfAbsent("agent:" + name(me), id -> new AtomicLong())
                    .incrementAndGet();
            attempt(manager, caller, other, random.nextInt(6));
        }
    }

    private void writeOwn(StateView view, StateKey own, String value) {
        try {
            view.put(own, value);
        } catch (LlmSpellException refused) {
            reached.add("its own scope was closed to it: " + refused);
        }
    }

    private void attempt(StateManager manager, Caller caller, StateKey other, int way) {
        try {
            StateView view = manager.as(caller);
            Object got = switch (way) {
                case 0 -> view.get(other);
                case 1 -> view.put(other, "stolen");
                case 2 -> view.keys(other.scope());
                case 3 -> view.delete(other);
                case 4 ->
                    view.applyAsync(List.of(StateChange.Put.of(other, "stolen")))
                            .block();
                default -> manager.reader(caller).get(other);
            };
            reached.add(caller.principal().text() + " " + other + ": " + got);
        } catch (LlmSpellException refused) {
            if (!refused.code().equals(ErrorCode.ACCESS_DENIED)) {
                reached.add(refused.toString());
            }
        }
    }

    private Map<String, Long> attempted() {
        Map<String, Long> all = new TreeMap<>();
        attempts.forEach((agent, count) -> all.put(agent, count.get()));
        return all;
    }

    private static Map<String, Long> denials(AccessHouse house) {
        Map<String, Long> all = new TreeMap<>();
        List<AuditRecord> records = new ArrayList<>(house.audit());
        records.removeIf(AuditRecord::allowed);
        records.forEach(record -> all.merge(record.principal().text(), record.count(), Long::sum));
        return all;
    }
}
