package io.llmspell.state.artifact;

import io.llmspell.core.artifact.ArtifactContent;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.storage.Bytes;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows the operations of artifacts to hooks, which may change a content before it is stored and nothing else. */
final class ArtifactView<O extends ArtifactView.Output> implements View<ArtifactView.Subject, O> {
    private static final JsonLimits SHOWN =
            new JsonLimits(JsonLimits.TOOL.depth() + 1, JsonLimits.TOOL.nodes() + 1_000, 4 * ArtifactContent.LARGEST);

    /** What an operation gives. */
    interface Output {
        /** What hooks after it see of it. */
        Map<String, @Nullable Object> shown();
    }

    /**
     * What an operation is about.
     *
     * @param id the artifact
     * @param name its name
     * @param type what it is
     * @param content what is to be stored, or null where nothing is
     * @param more further members of the data
     * @param work what is stored beside the content, or null where nothing is
     */
    record Subject(
            String id,
            String name,
            String type,
            @Nullable ArtifactContent content,
            Map<String, ? extends @Nullable Object> more,
            @Nullable Storing work) {
        static Subject of(ArtifactInfo info, Map<String, ? extends @Nullable Object> more) {
            return new Subject(info.id(), info.name(), info.type(), null, more, null);
        }

        Subject with(ArtifactContent other) {
            return new Subject(id, name, type, other, more, work);
        }
    }

    private static JsonObject shown(Subject subject, Map<String, ? extends @Nullable Object> output) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("artifact_id", subject.id());
        data.put("artifact_name", subject.name());
        data.put("artifact_type", subject.type());
        if (subject.content() != null) {
            data.put("content", json(subject.content()));
        }
        data.putAll(subject.more());
        data.putAll(output);
        return JsonValues.object(data, SHOWN);
    }

    /** Bytes are shown in Base64. */
    private static @Nullable Object json(ArtifactContent content) {
        if (content instanceof ArtifactContent.Json json) {
            return json.value();
        }
        return content instanceof ArtifactContent.Text text
                ? text.text()
                : Base64.getEncoder()
                        .encodeToString(
                                ((ArtifactContent.Binary) content).bytes().toArray());
    }

    /** The content in the form that it had, so that a hook cannot turn a text into something else unseen. */
    private static ArtifactContent changed(ArtifactContent before, @Nullable Object value) {
        if (before instanceof ArtifactContent.Json) {
            return new ArtifactContent.Json(value);
        }
        if (!(value instanceof String text)) {
            throw JsonValueException.mismatch("content", "a text", value);
        }
        return before instanceof ArtifactContent.Text
                ? new ArtifactContent.Text(text)
                : new ArtifactContent.Binary(bytes(text));
    }

    private static Bytes bytes(String text) {
        try {
            return Bytes.own(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw JsonValueException.notConvertible("content", "the content is of bytes, so it must be Base64");
        }
    }

    @Override
    public Object input(Subject input) {
        return shown(input, Map.of());
    }

    @Override
    public Object output(O output) {
        return JsonValues.object(output.shown(), SHOWN);
    }

    @Override
    public Object data(HookPoint point, Subject input, @Nullable O output) {
        return shown(input, output == null ? Map.of() : output.shown());
    }

    @Override
    public Subject modified(HookPoint point, Subject input, @Nullable Object data) {
        ArtifactContent content = input.content();
        JsonObject shown = shown(input, Map.of());
        JsonObject merged = PointData.merged(point, shown, data, content == null ? List.of() : List.of("content"));
        Object value = merged.get("content");
        return content == null || JsonValues.same(value, shown.get("content"))
                ? input
                : input.with(changed(content, value));
    }

    @Override
    public O answer(HookPoint point, Subject input, @Nullable Object value) {
        throw new HookException(
                ErrorCode.RESULT_NOT_ALLOWED,
                "a hook answered at " + point + " for artifact \"" + input.name()
                        + "\", which is only changed or cancelled",
                Map.of("point", point.name()),
                null);
    }

    @Override
    public Map<String, String> metadata(Subject input) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("artifact_id", input.id());
        if (input.more().get("session_id") instanceof String session) {
            texts.put("session_id", session);
        }
        return texts;
    }
}
