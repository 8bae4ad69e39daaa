/**
 * Notices that any part of the runtime gives of what it enforces or measures: limits, violations, thresholds.
 * Not here: who listens (hooks and events), and the enforcement itself.
 * Start with {@link io.llmspell.core.notice.Notices}.
 */
@NullMarked
package io.llmspell.core.notice;

import org.jspecify.annotations.NullMarked;
