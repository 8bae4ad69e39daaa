package io.llmspell.state;

import static io.llmspell.state.AccessHouse.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.state.StateWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** On no way does an agent reach a scope that is not its own, and every attempt is in the audit log. */
final class ForeignScopeCheck {
    private static final Caller CALLER = Fixture.HOST.as(BOB);
    private static final String CANARY = "canary-8c1f";

    /** What is not the agent's, among it what looks like it. */
    private static final List<Scope> FOREIGN = List.of(
            Scope.agent("ann"),
            Scope.agent("Bob"),
            Scope.agent("bob "),
            Scope.agent("bob\u200b"),
            Scope.agent("b\u043eb"),
            Scope.agent("\uff42ob"),
            Scope.agent("bob:ann"),
            Scope.agent("bob/ann"),
            Scope.agent("bobby"),
            Scope.workflow("bob"),
            new Scope(ScopeKind.STEP, List.of("bob", "s")),
            Scope.session("bob"),
            Scope.of(ScopeKind.TOOL, "bob"),
            Scope.of(ScopeKind.HOOK, "bob"),
            Scope.custom("bob"),
            Scope.custom("agent:bob"),
            Scope.custom("user:bob"),
            Scope.custom("shared:bob"),
            Scope.custom("shared:board"));

    private static final List<String> KEYS = List.of("note", "x", "caf\u00e9", "a:b", "\ud83d\ude00", "agent:bob");

    /** The ways to a scope. */
    enum Way {
        GET {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).get(key);
            }
        },
        EXISTS {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).exists(key);
            }
        },
        KEYS {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).keys(key.scope());
            }
        },
        ALL {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).all(key.scope());
            }
        },
        CHECK {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).apply(List.of(new StateChange.Check(key, 0)));
            }
        },
        PUT {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).put(key, "overwritten");
            }
        },
        PUT_EPHEMERAL {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                StateKey temporary = StateKey.of(key.scope(), "temp:" + key.key());
                return manager.as(CALLER)
                        .apply(List.of(new StateChange.Put(temporary, 1, Duration.ofSeconds(5), null)));
            }
        },
        BATCH_BEHIND_ITS_OWN {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                StateKey own = StateKey.of(Scope.agent("bob"), "own");
                return manager.as(CALLER)
                        .apply(List.of(StateChange.Put.of(own, 1), StateChange.Put.of(key, "overwritten")));
            }
        },
        PUT_ASYNC {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER)
                        .applyAsync(List.of(StateChange.Put.of(key, "overwritten")))
                        .block();
            }
        },
        DELETE {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).delete(key);
            }
        },
        CLEAR {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).clear(key.scope());
            }
        },
        TRANSACT_READ {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).transact(transaction -> transaction.get(key));
            }
        },
        UPDATE {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER).update(key, old -> "overwritten");
            }
        },
        WATCH {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.as(CALLER)
                        .watch(StateWatch.of(key.scope(), "*").after(0))
                        .blockFirst(Duration.ofSeconds(5));
            }
        },
        QUIET_GET {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.reader(CALLER).get(key);
            }
        },
        QUIET_KEYS {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.reader(CALLER).keys(key.scope());
            }
        },
        SHARE {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                String prefix = "custom:shared:";
                if (key.scope().text().startsWith(prefix)) {
                    manager.access(CALLER).share(key.scope().text().substring(prefix.length()));
                }
                return manager.as(CALLER).get(key);
            }
        },
        GRANT_TO_ITSELF {
            @Override
            @Nullable Object go(StateManager manager, StateKey key) {
                return manager.access(CALLER).grant(key.scope(), "bob", GrantAccess.READ_WRITE, null);
            }
        };

        abstract @Nullable Object go(StateManager manager, StateKey key);
    }

    private final UnaryOperator<StateManager> plant;

    ForeignScopeCheck(UnaryOperator<StateManager> plant) {
        this.plant = plant;
    }

    void nothingForeign_isReached(Way way) {
        try (AccessHouse house = new AccessHouse()) {
            StateManager manager = plant.apply(house.manager);
            house.access(AccessHouse.ANN).share("board");
            List<StateKey> keys = seed(house);
            Map<Scope, Object> before = contents(house);
            for (StateKey key : keys) {
                refused(way + " " + key, () -> way.go(manager, key));
            }
            assertThat(contents(house)).as("%s: what stands there", way).isEqualTo(before);
            assertThat(house.access().grants()).as("%s: grants", way).isEmpty();
            assertThat(denials(house)).as("%s: denials in the audit log", way).isEqualTo(keys.size());
        }
    }

    /** The reader that a hook has in the middle of the agent's own operation. */
    void nothingForeign_isReached_fromAHooksContext() {
        try (AccessHouse house = new AccessHouse()) {
            StateManager manager = plant.apply(house.manager);
            house.manager = manager; // which the contexts of hooks ask
            List<StateKey> keys = seed(house);
            List<String> wrong = new ArrayList<>();
            house.hooks.registry().register(HookPoint.BEFORE_STATE_WRITE, HookOptions.named("looks"), context -> {
                for (StateKey key : keys) {
                    try {
                        refused("hook " + key, () -> context.state().get(key));
                    } catch (AssertionError reached) {
                        wrong.add(reached.getMessage());
                    }
                }
                return HookResult.proceed();
            });
            house.as(BOB).put(StateKey.of(Scope.agent("bob"), "own"), 1);
            assertThat(wrong).as("HOOK: what was reached").isEmpty();
            assertThat(denials(house)).as("HOOK: denials in the audit log").isEqualTo(keys.size());
        }
    }

    private static List<StateKey> seed(AccessHouse house) {
        List<StateKey> keys = new ArrayList<>();
        StateView host = house.host();
        for (Scope scope : FOREIGN) {
            for (String key : KEYS) {
                StateKey one = StateKey.of(scope, key);
                host.put(one, CANARY);
                keys.add(one);
            }
        }
        return keys;
    }

    private static Map<Scope, Object> contents(AccessHouse house) {
        Map<Scope, Object> all = new HashMap<>();
        FOREIGN.forEach(scope -> all.put(scope, house.host().all(scope)));
        all.put(Scope.agent("bob"), house.host().all(Scope.agent("bob")));
        return all;
    }

    private static long denials(AccessHouse house) {
        return house.audit().stream()
                .filter(record -> !record.allowed() && record.principal().equals(BOB))
                .mapToLong(AuditRecord::count)
                .sum();
    }

    private interface Go {
        @Nullable Object go();
    }

    private static void refused(String what, Go attempt) {
        Object got;
        try {
            got = attempt.go();
        } catch (LlmSpellException denied) {
            String text = denied.getMessage() + denied.details() + denied;
            assertThat(denied.code()).as("%s: the refusal", what).isEqualTo(ErrorCode.ACCESS_DENIED);
            assertThat(text).as("%s: the text of the refusal", what).doesNotContain(CANARY);
            return;
        }
        throw new AssertionError(what + ": what was reached: " + got);
    }
}
