package io.llmspell.state.artifact;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.state.session.SessionContents;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionLeakFaultTest {
    private static void red(
            UnaryOperator<StorageBackend> store, UnaryOperator<SessionContents> contents, String message) {
        try (SessionLeakCheck check = new SessionLeakCheck(store, contents, 30)) {
            assertThatThrownBy(check::endedSessions_leaveNothing_andOthersKeepTheirs)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void artifactsThatAreNotCleaned_areFound() {
        red(UnaryOperator.identity(), contents -> SessionContents.NONE, "in the space sessions");
    }

    @Test
    void checkpointsThatAreNotCleaned_areFound() {
        red(
                store -> without(
                        store,
                        write -> write instanceof Write.DeleteRange range
                                && range.space().equals(Space.SESSIONS)
                                && range.range().from().at(0) == 'c'),
                UnaryOperator.identity(),
                "in the space sessions");
    }

    @Test
    void stateThatIsNotCleaned_isFound() {
        red(
                store -> without(
                        store,
                        write -> write instanceof Write.Delete delete
                                && delete.space().equals(Space.STATE)
                                && delete.key().text().contains("canary-4-0")),
                UnaryOperator.identity(),
                "in the space state");
    }

    /** Leaves some writes out. */
    private static StorageBackend without(StorageBackend store, Predicate<Write> lost) {
        return committing(store, batch -> {
            List<Write> left = batch.writes().stream().filter(lost.negate()).toList();
            return left.isEmpty() ? batch : new Batch(left, batch.mode(), batch.listener());
        });
    }

    private static StorageBackend committing(StorageBackend store, UnaryOperator<Batch> change) {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, given) -> {
                    try {
                        if (method.getName().startsWith("commit") && given[0] instanceof Batch batch) {
                            return method.invoke(store, change.apply(batch));
                        }
                        return method.invoke(store, given);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
