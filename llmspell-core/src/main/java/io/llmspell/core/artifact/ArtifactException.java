package io.llmspell.core.artifact;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An artifact cannot be stored; the codes of artifacts.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class ArtifactException extends LlmSpellException {
    private static final long serialVersionUID = 1L;

    private ArtifactException(ErrorCode code, String text, Map<String, ? extends @Nullable Object> details) {
        super(code, text, details, null);
    }

    /**
     * The error of a parent that is not there.
     *
     * @param name the artifact that was to be stored
     * @param parent the id of the parent
     * @return the error, code {@code missing_artifact}
     */
    public static ArtifactException missing(String name, String parent) {
        String shown = parent.length() > 80 ? parent.substring(0, 77) + "..." : parent;
        return new ArtifactException(
                ErrorCode.MISSING_ARTIFACT,
                "artifact \"" + name + "\" names the parent \"" + shown
                        + "\", but there is no artifact with this id; parents must be stored first",
                Map.of("artifact_id", shown));
    }

    /**
     * The error of a content that is not what it has to be.
     *
     * @param name the artifact
     * @param failures all that is wrong
     * @return the error, code {@code validation_failed}
     */
    public static ArtifactException invalid(String name, List<String> failures) {
        return new ArtifactException(
                ErrorCode.VALIDATION_FAILED,
                "artifact \"" + name + "\" is not valid: " + String.join("; ", failures),
                Map.of("failures", failures));
    }

    /**
     * The error of a version that others were always faster with.
     *
     * @param name the artifact
     * @return the error, code {@code state_conflict}
     */
    public static ArtifactException conflict(String name) {
        return new ArtifactException(
                ErrorCode.STATE_CONFLICT,
                "artifact \"" + name + "\" got new versions by others again and again; try again",
                Map.of("artifact_name", name));
    }
}
