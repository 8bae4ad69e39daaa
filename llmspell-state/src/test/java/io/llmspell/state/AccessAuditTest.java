package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.time.TimeSource;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessAuditTest {
    private final AccessHouse house = new AccessHouse();

    @AfterEach
    void close() {
        house.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"GRANT", "DENIED"})
    void attempt_whileTheAuditCloses_isWrittenDown(Verdict verdict) {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>();
        TimeSource time = (TimeSource) Proxy.newProxyInstance(
                TimeSource.class.getClassLoader(), new Class<?>[] {TimeSource.class}, (self, method, arguments) -> {
                    Runnable now = method.getName().equals("now") ? meanwhile.getAndSet(null) : null;
                    if (now != null) {
                        now.run();
                    }
                    return method.invoke(house.time, arguments);
                });
        AccessAudit audit = new AccessAudit(house.log, Redactor.create(), time, Handle.noop());
        meanwhile.set(audit::close);

        audit.note(Fixture.HOST.as(AccessHouse.BOB), Scope.agent("ann"), StateOperation.READ, "note", verdict);

        assertThat(house.log.query(AuditQuery.newest(10).doing("state.read")))
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.key()).isEqualTo("note");
                    assertThat(record.count()).isEqualTo(1);
                });
    }
}
