package io.llmspell.bridge.lua;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.AroundHook;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.StoreAuditLog;
import io.llmspell.testing.tool.ScriptedTool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A whole runtime with a tool {@code vault}, a door beside it, and a guard that forbids to open the vault, or to write
 * a key, with {@code evil}.
 */
final class EscapeHouse implements AutoCloseable {
    static final String EVIL = "evil";

    final Scripts scripts;
    private final AtomicReference<@Nullable StorageBackend> store = new AtomicReference<>();
    private final List<String> opened = new CopyOnWriteArrayList<>();
    private volatile boolean locked;

    EscapeHouse() {
        this.scripts = Scripts.open(builder -> builder.storage((spaces, time) -> {
            StorageBackend opening = MemoryStorage.factory().open(spaces, time);
            store.set(opening);
            return opening;
        }));
        tool("vault", input -> {
            if (locked) {
                locked = false;
                throw new IllegalStateException("the lock sticks");
            }
            opened.add(input);
        });
        tool("door", input -> {});
    }

    private interface Opening {
        void by(String input);
    }

    private void tool(String name, Opening opening) {
        scripts.spell.tools().register(new ScriptedTool(name, (parameters, run) -> {
            String input = String.valueOf(parameters.get("input"));
            opening.by(input);
            return JsonObject.of("result", name + " opened by " + input);
        }));
    }

    /** The first opening of the vault fails. */
    void stick() {
        locked = true;
    }

    /** The inputs with which the vault was opened. */
    List<String> opened() {
        return List.copyOf(opened);
    }

    static boolean ofTheVault(HookContext context) {
        return context.component().name().equals("vault");
    }

    /** A guard in front of the vault. */
    void guard(Hook hook) {
        guard(hook, closed("no-evil"));
    }

    /** A guard that its deadline ends soon. */
    void slowGuard(Hook hook) {
        guard(hook, soonOver());
    }

    private void guard(Hook hook, HookOptions options) {
        scripts.spell
                .hooks()
                .register(
                        HookPoint.BEFORE_TOOL_EXECUTION,
                        options,
                        context -> ofTheVault(context) ? hook.execute(context) : HookResult.proceed());
    }

    /** A guard around the vault, in place of one in front of it. */
    void guardAround(AroundHook hook) {
        guardAround(hook, closed("no-evil"));
    }

    /** The same, ended soon by its deadline. */
    void slowGuardAround(AroundHook hook) {
        guardAround(hook, soonOver());
    }

    private static HookOptions soonOver() {
        return HookOptions.builder("no-evil")
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .timeout(Duration.ofMillis(100))
                .build();
    }

    private void guardAround(AroundHook hook, HookOptions options) {
        scripts.spell
                .hooks()
                .registerAround(
                        OperationKind.TOOL_CALL,
                        options,
                        (context, rest) -> ofTheVault(context) ? hook.around(context, rest) : rest);
    }

    /** Somebody else's hook around the vault, outside of the guard. */
    void around(AroundHook hook) {
        scripts.spell
                .hooks()
                .registerAround(
                        OperationKind.TOOL_CALL,
                        HookOptions.builder("other").priority(-100).build(),
                        (context, rest) -> ofTheVault(context) ? hook.around(context, rest) : rest);
    }

    static Mono<Outcome> verdict(HookContext context, Mono<Outcome> rest) {
        return String.valueOf(context.data()).contains(EVIL)
                ? Mono.error(new IllegalStateException("forbidden"))
                : rest;
    }

    static HookResult verdict(HookContext context) {
        return String.valueOf(context.data()).contains(EVIL) ? HookResult.cancel("forbidden") : HookResult.proceed();
    }

    static HookOptions closed(String name) {
        return HookOptions.builder(name)
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
    }

    /** A hook of somebody else. */
    void observer(HookPoint point, int priority, Hook hook) {
        scripts.spell
                .hooks()
                .register(
                        point,
                        HookOptions.builder("other").priority(priority).build(),
                        context -> ofTheVault(context) ? hook.execute(context) : HookResult.proceed());
    }

    /** Does something and gives what came of it as text. */
    String attempt(Attempt work) {
        try {
            return String.valueOf(work.run());
        } catch (LlmSpellException refused) {
            return "refused: " + refused.getMessage();
        } catch (Exception broken) {
            return "broken: " + broken;
        }
    }

    /** What may be refused. */
    @FunctionalInterface
    interface Attempt {
        @Nullable Object run() throws Exception;
    }

    private StoreAuditLog log() {
        StorageBackend backend = store.get();
        if (backend == null) {
            throw new IllegalStateException("no store was opened");
        }
        return StoreAuditLog.on(backend, RecordCodecs.create(JsonCodec.create()));
    }

    /** The refusals in the audit log, newest first; the log must be whole. */
    List<AuditRecord> refusals() {
        log().verify();
        return log().newest(1_000).stream()
                .filter(line -> line.action().equals("hook.refused"))
                .toList();
    }

    @Override
    public void close() {
        scripts.close();
    }
}
