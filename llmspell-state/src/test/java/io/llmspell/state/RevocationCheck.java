package io.llmspell.state;

import static io.llmspell.state.AccessHouse.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** Once rights were taken, the next operation is refused, while others go on reading; once they are given, it is not. */
final class RevocationCheck {
    private static final Caller CALLER = Fixture.HOST.as(BOB);
    private static final StateKey NOTE = StateKey.of(Scope.agent("ann"), "note");
    private static final StateKey OWN = StateKey.of(Scope.agent("bob"), "own");

    /** How rights are given and taken. */
    enum Means {
        GRANT(NOTE) {
            @Override
            void give(StateAccess access) {
                access.grant(NOTE.scope(), "bob", GrantAccess.READ_WRITE, null);
            }

            @Override
            void take(StateAccess access) {
                access.revoke(NOTE.scope(), "bob");
            }
        },
        NARROWER_GRANT(NOTE) {
            @Override
            void give(StateAccess access) {
                access.grant(NOTE.scope(), "bob", GrantAccess.READ_WRITE, null);
            }

            @Override
            void take(StateAccess access) {
                access.grant(NOTE.scope(), "bob", GrantAccess.WRITE, null);
            }
        },
        BOUNDARY(NOTE) {
            @Override
            void give(StateAccess access) {
                access.setBoundary("bob", Boundary.custom(true, false, null));
            }

            @Override
            void take(StateAccess access) {
                access.setBoundary("bob", Boundary.STRICT);
            }
        },
        SHARING(StateKey.of(Scope.custom("shared:board"), "note")) {
            @Override
            void give(StateAccess access) {
                access.setBoundary("bob", Boundary.SHARED_ACCESS);
                access.share("board");
            }

            @Override
            void take(StateAccess access) {
                access.unshare("board");
            }
        },
        CUT_OFF(OWN) {
            @Override
            void give(StateAccess access) {
                access.restore("bob");
            }

            @Override
            void take(StateAccess access) {
                access.cutOff("bob", "test");
            }
        };

        private final StateKey key;

        Means(StateKey key) {
            this.key = key;
        }

        abstract void give(StateAccess access);

        abstract void take(StateAccess access);
    }

    private final UnaryOperator<StateManager> plant;

    RevocationCheck(UnaryOperator<StateManager> plant) {
        this.plant = plant;
    }

    void whatIsTaken_isRefusedNext(Means means, int rounds) throws InterruptedException {
        try (AccessHouse house = new AccessHouse()) {
            StateManager manager = plant.apply(house.manager);
            house.host().put(means.key, "canary");
            AtomicBoolean end = new AtomicBoolean();
            List<Thread> readers = readers(manager.as(CALLER), means.key, end);
            try {
                for (int round = 1; round <= rounds; round++) {
                    means.give(house.access());
                    assertThat(allowed(manager.as(CALLER), means.key))
                            .as("%s, round %d: read after it was allowed", means, round)
                            .isTrue();
                    means.take(house.access());
                    assertThat(allowed(manager.as(CALLER), means.key))
                            .as("%s, round %d: read after it was taken", means, round)
                            .isFalse();
                }
            } finally {
                end.set(true);
                for (Thread reader : readers) {
                    reader.join();
                }
            }
        }
    }

    /** They hold one view all the time and read as fast as they can. */
    private static List<Thread> readers(StateView view, StateKey key, AtomicBoolean end) {
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread reader = new Thread(() -> {
                while (!end.get()) {
                    boolean unused = allowed(view, key);
                }
            });
            reader.setDaemon(true);
            reader.start();
            readers.add(reader);
        }
        return readers;
    }

    private static boolean allowed(StateView view, StateKey key) {
        try {
            return view.get(key).isPresent();
        } catch (LlmSpellException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.ACCESS_DENIED);
            return false;
        }
    }
}
