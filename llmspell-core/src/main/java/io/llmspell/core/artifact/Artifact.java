package io.llmspell.core.artifact;

/**
 * One version of an artifact with its content.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param info its record
 * @param content what it holds
 */
public record Artifact(ArtifactInfo info, ArtifactContent content) {}
