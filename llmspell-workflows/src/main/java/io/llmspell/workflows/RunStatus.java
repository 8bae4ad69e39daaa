package io.llmspell.workflows;

import java.util.Locale;

/** How far a run is. */
enum RunStatus {
    /** Asked for; its hooks may still refuse it. */
    PENDING,
    /** Its steps run. */
    RUNNING,
    /** It has its result. */
    COMPLETED,
    /** It failed, or was refused. */
    FAILED,
    /** Its caller stopped it. */
    CANCELLED;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
