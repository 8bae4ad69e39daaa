package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.LlmSpellBuilder;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditReport;
import io.llmspell.core.audit.AuditTrimming;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.testing.time.ManualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The audit log of a runtime: what is in it, and that it stays short. */
final class RuntimeAuditTest {
    private final ManualTime time = new ManualTime();

    private LlmSpell open(Map<String, Object> audit) {
        LlmSpellBuilder builder = LlmSpell.builder().time(time).config(ConfigSection.of("", Map.of("audit", audit)));
        LlmSpell spell = builder.build();
        HookOptions guard = HookOptions.builder("no")
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
        spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, guard, context -> HookResult.cancel("no tools"));
        return spell;
    }

    private void refuse(LlmSpell spell, int times) {
        for (int i = 0; i < times; i++) {
            time.advance(Duration.ofSeconds(1));
            assertThatThrownBy(() ->
                            spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1 + 1"), spell.caller()))
                    .isInstanceOf(OperationCancelledException.class);
        }
    }

    /** Waits until more than {@code before} are removed, and the newest ten and the record of the removal are left. */
    private static long trimmedMoreThan(long before, LlmSpell spell) {
        Awaitility.await().untilAsserted(() -> {
            AuditReport report = spell.audit().verify();
            assertThat(report.trimmed()).isGreaterThan(before);
            assertThat(report.records()).isEqualTo(11);
            assertThat(report.lastTrimming()).map(AuditTrimming::by).contains(new Principal.RuntimePart("audit"));
        });
        return spell.audit().verify().trimmed();
    }

    @Test
    void retention_atItsInterval_keepsTheLogShort() {
        try (LlmSpell spell = open(Map.of("max_count", 10L, "cleanup_interval", "5m"))) {
            refuse(spell, 30); // the look that the first of them asked for runs beside them and may remove some
            time.advance(Duration.ofMinutes(1));
            long first = trimmedMoreThan(0, spell);
            refuse(spell, 9);
            time.advance(Duration.ofMinutes(5));

            assertThat(trimmedMoreThan(first, spell)).isBetween(30L, 31L);
        }
    }

    @Test
    void retention_ofManyRecords_doesNotWaitForTheInterval() {
        try (LlmSpell spell = open(Map.of("max_count", 10L))) {
            for (int i = 0; i < 257; i++) {
                assertThatThrownBy(() -> spell.toolExecutor()
                                .invoke("calculator", JsonObject.of("input", "1 + 1"), spell.caller()))
                        .isInstanceOf(OperationCancelledException.class);
            }
            // Trimming runs beside the calls: the last refusals and its own record may come before or after it.
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(spell.audit().verify().trimmed()).isBetween(246L, 248L));
        }
    }

    @Test
    void record_ofAThreadThatMustNotBlock_isWrittenWhenTheLogIsClosed() throws InterruptedException {
        StorageBackend real = MemoryStorage.create(Set.of(Space.AUDIT, Space.META));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        StorageBackend slow = (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (self, method, given) -> {
                    if (method.getName().equals("commit")) {
                        inside.countDown();
                        assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
                    }
                    return method.invoke(real, given);
                });
        Caller caller = Caller.host(new CorrelationId("run"));
        RuntimeAudit audit = new RuntimeAudit(time, null, () -> caller)
                .begin(slow, RecordCodecs.create(JsonCodec.create(), KeyRing.inMemory()));
        AuditRecord record = new AuditRecord(
                time.now(), caller.principal(), "test", "target", null, false, "reason", caller.correlation(), 1);
        Mono.fromRunnable(() -> audit.append(record))
                .subscribeOn(Schedulers.parallel())
                .block();
        assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();

        Thread closing = new Thread(audit::close);
        closing.start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> closing.getState() == Thread.State.WAITING || !closing.isAlive());
        assertThat(closing.isAlive()).as("it waits for the record").isTrue();
        go.countDown();
        closing.join();
        assertThat(audit.verify().records()).isOne();
    }

    @Test
    void retention_byDefault_keepsWhatIsNotTooMuch() {
        try (LlmSpell spell = open(Map.of())) {
            refuse(spell, 3);
            time.advance(Duration.ofHours(3));

            assertThat(spell.audit().verify()).isEqualTo(new AuditReport(3, 0, null));
        }
    }
}
