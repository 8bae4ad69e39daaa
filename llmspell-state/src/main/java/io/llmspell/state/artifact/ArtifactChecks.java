package io.llmspell.state.artifact;

import io.llmspell.core.artifact.ArtifactContent;
import io.llmspell.core.artifact.ArtifactException;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks contents before they are stored: an operation of its own within that of storing. */
final class ArtifactChecks {
    private static final JsonCodec JSON = JsonCodec.create();

    private final Passage<ArtifactView.Subject, Verdict> check;
    private final ArtifactNotices notices;

    /**
     * What the check found.
     *
     * @param content what is to be stored
     * @param failures what is wrong with it
     */
    record Verdict(ArtifactContent content, List<String> failures) implements ArtifactView.Output {
        boolean valid() {
            return failures.isEmpty();
        }

        @Override
        public Map<String, @Nullable Object> shown() {
            Map<String, @Nullable Object> shown = new LinkedHashMap<>();
            shown.put("valid", valid());
            shown.put("failures", failures);
            return shown;
        }
    }

    ArtifactChecks(Gate gate, ArtifactNotices notices) {
        this.notices = notices;
        check = gate.passage(Operation.of(OperationKind.SESSION, new ArtifactView<Verdict>())
                .point(new HookPoint("artifact:before_validate"), Step.Stage.BEFORE, ArtifactOperations.BEFORE)
                .point(new HookPoint("artifact:after_validate"), Step.Stage.AFTER, ArtifactOperations.AFTER)
                .run((subject, caller) -> verdict(subject)));
    }

    private static Verdict verdict(ArtifactView.Subject subject) {
        ArtifactContent content = ArtifactOperations.content(subject);
        List<String> failures = new ArrayList<>();
        if (subject.type().equals("json")) {
            checkJson(content, failures);
        }
        return new Verdict(content, failures);
    }

    private static void checkJson(ArtifactContent content, List<String> failures) {
        if (content instanceof ArtifactContent.Text text) {
            try {
                JSON.parse(text.text(), JsonLimits.TOOL);
            } catch (JsonValueException wrong) {
                failures.add("its type is json, but the text is not JSON (" + wrong.text() + ")");
            }
        } else if (content instanceof ArtifactContent.Binary) {
            failures.add("its type is json, but the content is bytes; give a value or a text");
        }
    }

    /**
     * Checks a content.
     *
     * @return the content as hooks have left it
     * @throws ArtifactException {@code validation_failed}
     */
    ArtifactContent checked(ArtifactView.Subject subject, Caller caller) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(subject.more());
        more.put("validation_type", subject.type().equals("json") ? "json" : "content");
        ArtifactView.Subject asked =
                new ArtifactView.Subject(subject.id(), subject.name(), subject.type(), subject.content(), more, null);
        Verdict verdict = check.call(ArtifactHouse.component(subject.id(), subject.name()), asked, caller);
        if (!verdict.valid()) {
            notices.failed(asked, verdict.failures(), caller);
            throw ArtifactException.invalid(subject.name(), verdict.failures());
        }
        return verdict.content();
    }
}
