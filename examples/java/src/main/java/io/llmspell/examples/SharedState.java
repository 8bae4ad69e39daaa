package io.llmspell.examples;

import io.llmspell.LlmSpell;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.state.sharing.Channel;
import io.llmspell.state.sharing.ChannelMessage;
import io.llmspell.state.sharing.ChannelPlan;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets two agents share a scope by grant, and a channel of requests and answers. */
public final class SharedState {
    private SharedState() {}

    /**
     * Runs the example.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        run(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    }

    static void run(PrintStream out) {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            Caller host = spell.caller();
            Caller ann = host.as(new Principal.Agent("ann"));
            Caller bob = host.as(new Principal.Agent("bob"));

            StateKey note = StateKey.of(Scope.agent("ann"), "note");
            spell.state().as(ann).put(note, "buy milk");
            out.println("bob reads: " + read(spell, bob, note));
            spell.state().access(ann).grant(note.scope(), "bob", GrantAccess.READ, Duration.ofMinutes(5));
            out.println("bob reads: " + read(spell, bob, note));
            spell.state().access(host).cutOff("bob", "under suspicion");
            out.println("bob reads: " + read(spell, bob, note));
            spell.state().access(host).restore("bob");

            Channel desk =
                    spell.sharing().create(ChannelPlan.requestResponse("desk", List.of("ann"), List.of("bob")), host);
            desk.send("What is six times seven?", ann);
            ChannelMessage question = desk.receive(bob).orElseThrow();
            desk.respond(question, 42, bob);
            out.println(
                    question.payload() + " " + desk.receive(ann).orElseThrow().payload());

            AuditQuery refusals = AuditQuery.newest(10).allowed(false);
            spell.state()
                    .access(host)
                    .audit(refusals)
                    .forEach(record -> out.println(record.principal().text() + " " + record.action() + " "
                            + record.target() + ": " + record.reason()));
        }
    }

    private static @Nullable Object read(LlmSpell spell, Caller caller, StateKey key) {
        try {
            return spell.state().as(caller).get(key).orElseThrow().json();
        } catch (StateException refused) {
            return refused.text();
        }
    }
}
