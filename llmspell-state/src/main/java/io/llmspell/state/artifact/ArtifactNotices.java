package io.llmspell.state.artifact;

import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.redact.LogText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells hooks of what happened to artifacts; nothing can be changed, and what goes wrong is logged. */
final class ArtifactNotices {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactNotices.class);

    private final Passage<ArtifactView.Subject, Told> failed;
    private final Passage<ArtifactView.Subject, Told> derived;
    private final Passage<ArtifactView.Subject, Told> accessed;
    private final @Nullable EventReporter events;

    /** The output of a notice. */
    private record Told() implements ArtifactView.Output {
        @Override
        public Map<String, @Nullable Object> shown() {
            return Map.of();
        }
    }

    ArtifactNotices(Gate gate, @Nullable EventReporter events) {
        this.events = events;
        this.failed = notice(gate, "artifact:validation_failed");
        this.derived = notice(gate, "artifact:derived");
        this.accessed = notice(gate, "artifact:accessed");
    }

    private static Passage<ArtifactView.Subject, Told> notice(Gate gate, String point) {
        return gate.passage(Operation.of(OperationKind.SESSION, new ArtifactView<Told>())
                .point(new HookPoint(point), Step.Stage.BEFORE, HookPhase.NOTICE.results())
                .run((subject, caller) -> new Told()));
    }

    private static void give(Passage<ArtifactView.Subject, Told> notice, ArtifactView.Subject subject, Caller caller) {
        Component component = ArtifactHouse.component(subject.id(), subject.name());
        try {
            notice.call(component, subject, caller);
        } catch (LlmSpellException refused) {
            LOG.warn("a notice of {} was not taken by all hooks: {}", component, LogText.masked(refused.getMessage()));
        }
    }

    void failed(ArtifactView.Subject checked, List<String> failures, Caller caller) {
        ArtifactView.Subject subject = new ArtifactView.Subject(
                checked.id(), checked.name(), checked.type(), null, Map.of("failures", failures), null);
        give(failed, subject, caller);
    }

    void derived(ArtifactInfo info, String parent, String derivation, Caller caller) {
        give(
                derived,
                ArtifactView.Subject.of(info, Map.of("parent_artifact", parent, "derivation_type", derivation)),
                caller);
    }

    void accessed(ArtifactInfo info, String access, Caller caller) {
        give(accessed, ArtifactView.Subject.of(info, Map.of("access_type", access)), caller);
        EventReporter telling = events;
        if (telling != null) {
            Map<String, @Nullable Object> payload = ArtifactHouse.payload(info);
            payload.put("access_type", access);
            telling.report("artifact.accessed", payload, ArtifactHouse.component(info.id(), info.name()), caller);
        }
    }
}
