package io.llmspell.examples;

import io.llmspell.LlmSpell;
import io.llmspell.core.artifact.ArtifactDraft;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.artifact.ArtifactQuery;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Works in a session: state with a checkpoint, artifacts, and an end that cleans up. */
public final class Sessions {
    private Sessions() {}

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
            Caller caller = spell.caller();
            Session session =
                    spell.sessions().start(SessionOptions.named("import").withMetadata(Map.of("user", "ann")), caller);
            StateView state = spell.state().as(caller);
            StateKey rows = StateKey.of(session.scope(), "rows");

            state.put(rows, 100);
            session.checkpoint("clean", caller);
            state.put(rows, 250);
            session.restore("clean", caller);
            out.println("rows: " + state.get(rows).map(StateValue::json).orElse(null));

            ArtifactDraft draft =
                    ArtifactDraft.text("report", "text", "100 rows").withSession(session.id());
            spell.artifacts().store(draft, caller);
            ArtifactInfo second = spell.artifacts().store(draft.withPermanent(true), caller);
            out.println(second.name() + " v" + second.version() + " by "
                    + second.origin().creator());

            session.finish(caller);
            out.println("keys left: " + state.keys(session.scope()).size());
            out.println("artifacts left: "
                    + spell.artifacts().query(ArtifactQuery.all(), caller).size());
        }
    }
}
