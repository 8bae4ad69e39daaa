package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.StateException;
import org.junit.jupiter.api.Test;

final class AgentCutOffTest {
    @Test
    void agentThatIsCutOff_reachesItsRecordNoMore_andItIsWrittenDown() {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            Component bob = Component.named(ComponentType.AGENT, "bob");
            String id = bob.id().toString();
            Caller own = spell.caller().as(new Principal.Agent(id));
            assertThat(spell.agentRecords().load(bob, own)).isEmpty();

            spell.state().access(spell.caller()).cutOff(id, "leaks");

            assertThatThrownBy(() -> spell.agentRecords().load(bob, own))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("may not read scope agent:" + id);
            assertThat(spell.state().access(spell.caller()).audit(AuditQuery.newest(10)))
                    .anyMatch(record -> record.principal().equals(own.principal())
                            && record.action().equals("state.read"));

            spell.state().access(spell.caller()).restore(id);
            assertThat(spell.agentRecords().load(bob, own)).isEmpty();
        }
    }
}
