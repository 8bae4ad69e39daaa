package io.llmspell.state.artifact;

import io.llmspell.core.artifact.ArtifactContent;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * A content as it is kept.
 *
 * @param form text, json or bytes
 * @param bytes the bytes
 * @param hash their SHA-256
 */
record Packed(String form, Bytes bytes, String hash) {
    private static final JsonCodec JSON = JsonCodec.create();

    /** Room for the quotes of a text that is as long as may be. */
    private static final JsonLimits READING =
            new JsonLimits(JsonLimits.TOOL.depth(), JsonLimits.TOOL.nodes(), 2 * ArtifactContent.LARGEST);

    /** Packs a content; one that is too large is refused before it is copied. */
    static Packed of(ArtifactContent content) {
        Bytes bytes;
        if (content instanceof ArtifactContent.Text text) {
            fits(text.text().length());
            bytes = Bytes.utf8(text.text());
        } else if (content instanceof ArtifactContent.Json json) {
            bytes = Bytes.own(JSON.bytes(json.value())); // checked when it was made
        } else {
            bytes = ((ArtifactContent.Binary) content).bytes();
        }
        fits(bytes.length());
        return new Packed(content.form(), bytes, hash(bytes));
    }

    private static void fits(long size) {
        if (size > ArtifactContent.LARGEST) {
            throw JsonValueException.tooLarge(
                    "content", "is larger than " + ArtifactContent.LARGEST + " bytes", "artifact.content_bytes");
        }
    }

    static String hash(Bytes bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.view());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new InternalException("the hash of an artifact", e); // every Java platform has SHA-256
        }
    }

    /** Unpacks a content, which must be the one that was packed. */
    static ArtifactContent content(ArtifactInfo info, Bytes bytes) {
        if (bytes.length() != info.size() || !hash(bytes).equals(info.contentHash())) {
            throw new StorageException(
                    ErrorCode.STORE_CORRUPT,
                    "the content of artifact " + info.id() + ", version " + info.version() + ", is damaged: "
                            + bytes.length() + " bytes do not fit the hash of " + info.size()
                            + "; delete the artifact or restore the store",
                    Map.of("artifact_id", info.id(), "version", info.version()),
                    null);
        }
        return switch (info.form()) {
            case "text" -> new ArtifactContent.Text(new String(bytes.toArray(), StandardCharsets.UTF_8));
            case "json" -> new ArtifactContent.Json(JSON.parse(bytes.toArray(), READING));
            default -> new ArtifactContent.Binary(bytes);
        };
    }
}
