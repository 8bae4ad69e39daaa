package io.llmspell.cli;

import io.llmspell.agents.Agents;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.events.Events;
import io.llmspell.state.Schemas;
import io.llmspell.state.States;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.tools.Tools;
import io.llmspell.workflows.SequentialDefinition;
import io.llmspell.workflows.StepContext;
import io.llmspell.workflows.WorkflowStep;
import io.llmspell.workflows.Workflows;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs a workflow of 20 steps again and again until it is killed, and resumes the run that was interrupted before. Says
 * {@code E step key} when a step has its effect, {@code C name} when a checkpoint is kept, {@code D sum} when a run is done.
 */
final class WorkflowKillChild {
    static final int STEPS = 20;
    private static final int TORN_CHECKPOINT = 13; // a step without the state that it left

    private static final Caller CALLER = Caller.host(new CorrelationId("kills"));

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private WorkflowKillChild() {}

    /** Arguments: folder, {@code right} or {@code split}. */
    public static void main(String[] arguments) {
        new WorkflowKillChild().run(Path.of(arguments[0]), arguments[1].equals("split"));
    }

    private void run(Path folder, boolean split) {
        SystemTimeSource time = new SystemTimeSource();
        PassThroughGate gate = new PassThroughGate();
        StorageBackend store =
                RocksDbStorage.at(folder).createIfMissing().open(Set.of(Space.META, Space.EVENTS, Space.STATE), time);
        EventBus bus = Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(gate)
                .awaiter(Awaiter.blocking(time))
                .build();
        bus.subscribe(
                "workflow.checkpoint.saved",
                SubscribeOptions.DEFAULT.onPublisherThread(),
                (event, again) -> tell("C " + ((JsonObject) event.payload()).text("stage_name")),
                CALLER);
        Tools tools = Tools.builder()
                .gate(gate)
                .events(bus)
                .schemas(Schemas.compiler())
                .time(time)
                .build();
        StateManager state = States.builder()
                .storage(store)
                .codec(RecordCodecs.create(JsonCodec.create()))
                .gate(gate)
                .build();
        Workflows workflows = Workflows.builder()
                .gate(gate)
                .events(bus)
                .tools(tools.executor())
                .agents(Agents.builder()
                        .gate(gate)
                        .events(bus)
                        .tools(tools.registry(), tools.executor())
                        .time(time)
                        .build()
                        .registry())
                .time(time)
                .checkpoints(split ? split(state) : state)
                .build();
        Workflow workflow = workflows.sequential(definition());
        workflows.register(workflow);
        while (true) {
            boolean interrupted = !workflows.checkpoints("count", CALLER).isEmpty();
            tell(interrupted ? "R" : "B");
            JsonObject result =
                    interrupted ? workflows.resume("count", CALLER) : workflow.run(Map.of("from", 1), CALLER);
            tell("D " + ((JsonObject) result.get("final_state")).get("sum") + " "
                    + ((JsonObject) result.get("outputs")).size() + " " + result.get("success"));
        }
    }

    private SequentialDefinition definition() {
        SequentialDefinition.Builder definition =
                SequentialDefinition.builder("count").initialState(Map.of("sum", 0));
        for (int i = 1; i <= STEPS; i++) {
            int number = i;
            definition.step(WorkflowStep.function("s" + i, context -> effect(number, context)));
        }
        return definition.build();
    }

    private Object effect(int number, StepContext context) {
        tell("E s" + number + " " + context.idempotencyKey());
        LockSupport.parkNanos(1_000_000);
        long sum = (Long) context.state().get("sum");
        context.state().put("sum", sum + number);
        return number;
    }

    private void tell(String line) {
        synchronized (out) {
            out.println(line);
        }
    }

    /** The planted fault: what belongs to a checkpoint is kept change by change, and the process dies between two. */
    private static StateManager split(StateManager real) {
        AtomicInteger left = new AtomicInteger(TORN_CHECKPOINT);
        return proxy(StateManager.class, real, (method, given) -> {
            Object value = method.invoke(real, given);
            return value instanceof StateView view ? splitView(view, left) : value;
        });
    }

    private static StateView splitView(StateView real, AtomicInteger left) {
        return proxy(
                StateView.class,
                real,
                (method, given) -> method.getName().equals("apply") && given != null
                        ? oneByOne(real, (List<?>) given[0], left)
                        : method.invoke(real, given));
    }

    private static StateCommit oneByOne(StateView real, List<?> changes, AtomicInteger left) {
        StateCommit last = new StateCommit.Done(0, io.llmspell.core.storage.WriteMode.DURABLE);
        for (Object change : changes) {
            last = real.apply(List.of((StateChange) change));
            if (left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(9);
            }
        }
        return last;
    }

    private interface Call {
        @Nullable Object of(Method method, Object @Nullable [] given) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T real, Call call) {
        return type.cast(Proxy.newProxyInstance(
                real.getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    try {
                        return call.of(method, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
