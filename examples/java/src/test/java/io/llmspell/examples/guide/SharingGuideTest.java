package io.llmspell.examples.guide;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.state.sharing.Channel;
import io.llmspell.state.sharing.ChannelMessage;
import io.llmspell.state.sharing.ChannelPlan;
import io.llmspell.state.sharing.Sharing;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharingGuideTest extends Guide {
    @Test
    void inOneMinute() {
        Caller ann = caller.as(new Principal.Agent("ann"));
        Caller bob = caller.as(new Principal.Agent("bob"));
        // region
        Sharing sharing = spell.sharing();
        Channel desk =
                sharing.create(ChannelPlan.requestResponse("desk", List.of("ann"), List.of("bob")), spell.caller());
        desk.send("What is six times seven?", ann); // ann, bob: callers of the agents
        ChannelMessage question = desk.receive(bob).orElseThrow();
        desk.respond(question, 42, bob);
        desk.receive(ann).orElseThrow().payload(); // 42
        // endregion
    }
}
