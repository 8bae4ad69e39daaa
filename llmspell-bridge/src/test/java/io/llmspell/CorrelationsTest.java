package io.llmspell;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.events.correlation.EventLink;
import io.llmspell.events.correlation.LinkKind;
import io.llmspell.events.correlation.Timeline;
import io.llmspell.events.correlation.TimelineQuery;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class CorrelationsTest {
    @Test
    void correlations_toolCall_linksItsEndToItsBeginning() {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            Caller caller = spell.caller();
            assertThat(spell.correlations().stats().runs()).isZero();
            assertThat(spell.correlations()).isSameAs(spell.correlations());
            spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1 + 1"), caller);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(spell.correlations().links(caller.correlation()))
                            .extracting(EventLink::kind)
                            .containsExactly(LinkKind.PART_OF));
        }
    }

    @Test
    void timelines_ofTheJournal_showTheRun() {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            Caller caller = spell.caller();
            spell.toolExecutor().invoke("calculator", JsonObject.of("input", "1 + 1"), caller);
            List<JournaledEvent> kept = spell.events()
                    .journal()
                    .orElseThrow()
                    .query(EventQuery.all().run(caller.correlation()))
                    .collectList()
                    .block(Duration.ofSeconds(20));
            Timeline timeline = spell.timelines()
                    .of(kept.stream().map(JournaledEvent::event).toList(), TimelineQuery.all());

            assertThat(spell.timelines().text(timeline)).contains("tool.started", "  tool.completed", "part_of");
        }
    }
}
