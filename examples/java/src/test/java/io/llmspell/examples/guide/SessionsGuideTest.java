package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.artifact.ArtifactDraft;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.state.StateKey;
import org.junit.jupiter.api.Test;

class SessionsGuideTest extends Guide {
    @Test
    void inOneMinute() {
        // region
        Session session = spell.sessions().start(SessionOptions.named("import"), caller);
        StateKey rows = StateKey.of(session.scope(), "rows");
        state.put(rows, 100);
        session.checkpoint("clean", caller);
        state.put(rows, 250);
        session.restore("clean", caller); // rows is 100 again
        spell.artifacts().store(ArtifactDraft.text("report", "text", "100 rows").withSession(session.id()), caller);
        session.finish(caller); // rows, checkpoint and report are gone
        // endregion

        assertThat(state.get(rows)).isEmpty();
    }
}
