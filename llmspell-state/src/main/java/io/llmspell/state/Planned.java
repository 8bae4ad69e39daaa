package io.llmspell.state;

import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * One change on its way through the hooks: the input of a write operation.
 *
 * @param transaction what it is committed with
 * @param wanted the change, as hooks have left it
 * @param principal who asked for it
 * @param prior what stands under the key
 */
record Planned(Transaction transaction, Wanted wanted, Principal principal, Prior prior) {
    StateKey key() {
        return wanted.key();
    }

    Change change() {
        return wanted.change();
    }

    @Nullable Object json() {
        return wanted.json();
    }

    /** The class of the new value, or of the one that is removed. */
    StateClass stateClass() {
        return change() == Change.SET ? wanted.stateClass() : prior.cell().stateClass();
    }

    /** Whether only guards see it: neither the new value nor the one that goes is of a class that is observed. */
    boolean unobserved() {
        if (!ClassRules.unobserved(stateClass())) {
            return false;
        }
        Cell before = prior.first();
        return !before.present() || ClassRules.unobserved(before.stateClass());
    }

    /** Looks at what goes if that decides who sees the change; after the commit it would be too late. */
    Planned beforeCommit() {
        boolean unused = unobserved();
        return this;
    }

    /** How much of the new value is secret; looks through it at each call. */
    Secrecy secrecy() {
        return transaction.secrets().of(key(), wanted.stateClass(), json());
    }

    /** The new value as hooks see it. */
    @Nullable Object shown() {
        return transaction.secrets().masked(secrecy(), json());
    }

    Planned with(@Nullable Object json) {
        return new Planned(transaction, wanted.with(json), principal, prior);
    }

    /** The promise that no hook gets round: the value is a JSON value within the limits. */
    Planned checked() {
        if (wanted.checked()) { // it cannot change, and no hook has put another in its place
            return this;
        }
        Object checked = JsonValues.checked(json(), transaction.limits());
        return new Planned(transaction, wanted.withChecked(checked), principal, prior);
    }

    /** What the key holds after the commit. */
    Cell result(long revision, long expiresAt) {
        return change() == Change.SET
                ? Cell.of(json(), revision, wanted.stateClass(), expiresAt, secrecy())
                : Cell.ABSENT;
    }
}
