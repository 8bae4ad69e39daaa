package io.llmspell.state;

import static io.llmspell.state.AccessHouse.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.storage.MemoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that fails never leaves anybody with more rights. */
class AccessFailureTest {
    private static final Scope ANNS = Scope.agent("ann");
    private static final StateKey NOTE = StateKey.of(ANNS, "note");

    private volatile boolean full;
    private volatile Runnable during = () -> {};
    private final StorageBackend real =
            MemoryStorage.create(Set.of(Space.STATE, Space.META, Space.EVENTS, Space.AUDIT));
    private final AccessHouse house = new AccessHouse(failing());

    private StorageBackend failing() {
        return (StorageBackend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {StorageBackend.class}, (self, method, arguments) -> {
                    if (method.getName().startsWith("commit")) {
                        during.run();
                        if (full) {
                            throw new StorageException(ErrorCode.STORE_FULL, "no room");
                        }
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @AfterEach
    void close() {
        full = false;
        house.close();
    }

    private boolean bobMay() {
        return house.access(BOB).allows(ANNS, StateOperation.READ, null);
    }

    private void full(ThrowingCallable change) {
        full = true;
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        LlmSpellException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_FULL));
        full = false;
    }

    @Test
    void grant_thatCannotBeStored_doesNotCount() {
        full(() -> house.access().grant(ANNS, "bob", GrantAccess.READ, null));
        assertThat(bobMay()).isFalse();
    }

    @Test
    void revocation_thatCannotBeStored_countsUntilTheEnd_andSaysSo() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        full = true;
        assertThatThrownBy(() -> house.access().revoke(ANNS, "bob"))
                .isInstanceOfSatisfying(StateException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.STORE_FULL);
                    assertThat(e.details()).containsEntry("in_force", true);
                })
                .hasMessageContaining("do it again");
        full = false;
        assertThat(bobMay()).isFalse();
        house.reopen();
        assertThat(bobMay()).isTrue();
        house.access().revoke(ANNS, "bob");
        house.reopen();
        assertThat(bobMay()).isFalse();
    }

    @Test
    void revocation_againAfterOneThatCouldNotBeStored_isStored() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        full(() -> house.access().revoke(ANNS, "bob"));
        boolean unused = house.access().revoke(ANNS, "bob");
        house.reopen();
        assertThat(bobMay()).isFalse();
    }

    @Test
    void cutOff_thatCannotBeStored_counts_andRestoreThatCannot_doesNot() {
        full(() -> house.access().cutOff("bob", "test"));
        assertThatThrownBy(() -> house.as(BOB).get(Fixture.KEY)).hasMessageContaining("cut off");
        full(() -> house.access().restore("bob"));
        assertThatThrownBy(() -> house.as(BOB).get(Fixture.KEY)).hasMessageContaining("cut off");
        house.access().restore("bob");
        assertThat(house.as(BOB).get(Fixture.KEY)).isEmpty();
    }

    @Test
    void boundary_thatCannotBeStored_leavesNone() {
        house.access().setBoundary("bob", Boundary.custom(true, false, null));
        full(() -> house.access().setBoundary("bob", Boundary.STRICT));
        assertThat(bobMay()).isFalse();
        assertThatThrownBy(() -> house.as(BOB).get(Fixture.KEY)).isInstanceOf(StateException.class);
        house.access().setBoundary("bob", Boundary.STRICT);
        assertThat(house.as(BOB).get(Fixture.KEY)).isEmpty();
    }

    @Test
    void boundary_thatCouldNotBeStored_isNotStoredLater() {
        full(() -> house.access().setBoundary("bob", Boundary.custom(true, false, null)));
        house.access().grant(ANNS, "eve", GrantAccess.READ, null);
        house.reopen();
        assertThat(bobMay()).isFalse();
        assertThat(house.access().boundary("bob").readAll()).isFalse();
    }

    @Test
    void boundary_whileItIsStored_allowsWhatBothAllow() {
        Scope board = house.access().share("board");
        List<String> meanwhile = new ArrayList<>();
        for (List<Boundary> change : List.of(
                List.of(Boundary.STRICT, Boundary.SHARED_ACCESS), List.of(Boundary.SHARED_ACCESS, Boundary.STRICT))) {
            house.access().setBoundary("bob", change.get(0));
            during = () -> meanwhile.add("global "
                    + house.access(BOB).allows(Scope.GLOBAL, StateOperation.WRITE, "k") + ", board "
                    + house.access(BOB).allows(board, StateOperation.WRITE, "k"));
            house.access().setBoundary("bob", change.get(1));
            during = () -> {};
        }
        assertThat(meanwhile).containsExactly("global true, board false", "global true, board false");
    }

    @Test
    void rights_thatAreStoredLater_areInTheAuditLogToo() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        full(() -> house.access().revoke(ANNS, "bob"));
        house.access().grant(ANNS, "eve", GrantAccess.READ, null);
        assertThat(house.audit())
                .extracting(record -> record.action() + " " + record.reason())
                .containsExactly(
                        "state.grant read to agent:eve",
                        "state.revoke from agent:bob",
                        "state.grant read to agent:bob");
        house.reopen();
        assertThat(bobMay()).isFalse();
    }

    @Test
    void unshare_thatCannotBeStored_counts() {
        Scope board = house.access().share("board");
        house.access().grant(board, "bob", GrantAccess.READ, null);
        full(() -> house.access().unshare("board"));
        assertThatThrownBy(() -> house.as(BOB).keys(board)).isInstanceOf(StateException.class);
    }

    @Test
    void denial_standsThoughItCannotBeAudited() {
        full = true;
        assertThatThrownBy(() -> house.as(BOB).get(NOTE)).hasMessageContaining("may not read");
        full = false;
        assertThat(house.audit()).extracting(AuditRecord::count).isEmpty();
    }

    @Test
    void damagedRecord_opensNothing() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        Bytes key;
        try (var cursor = real.scan(Space.META, Range.prefix(Bytes.utf8("access:")))) {
            assertThat(cursor.next()).isTrue();
            key = cursor.entry().key();
        }
        real.commit(new Batch(
                        List.of(new Write.Put(Space.META, key, Bytes.utf8("nonsense"))), WriteMode.BUFFERED, null))
                .orThrow();
        house.reopen();
        assertThatThrownBy(() -> house.as(BOB).get(NOTE)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> house.as(BOB).get(Fixture.KEY)).isInstanceOf(StorageException.class);
        assertThat(house.host().get(NOTE)).isEmpty();
    }
}
