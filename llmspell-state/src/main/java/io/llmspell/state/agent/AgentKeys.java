package io.llmspell.state.agent;

import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Bytes;

/**
 * Where the parts of a record are kept: {@code 1 AGENT} its head, {@code 2 AGENT} its body, {@code 3 AGENT n} the messages
 * from number n on, with the agent's scope in the form of state keys, so that no two names share a place. The heads of all
 * agents stand together.
 *
 * @param head what changes with every save
 * @param body what rarely changes
 * @param messages what the keys of all messages begin with
 */
record AgentKeys(Bytes head, Bytes body, Bytes messages) {
    static final Bytes HEADS = Bytes.own(new byte[] {1});

    static AgentKeys of(String name) {
        Bytes agent = StateKey.prefix(Scope.agent(name));
        return new AgentKeys(
                HEADS.plus(agent),
                Bytes.own(new byte[] {2}).plus(agent),
                Bytes.own(new byte[] {3}).plus(agent));
    }

    Bytes messages(long first) {
        return messages.plus(Bytes.ofLong(first));
    }

    /** The number in a key of messages. */
    long first(Bytes key) {
        return key.longAt(messages.length());
    }
}
