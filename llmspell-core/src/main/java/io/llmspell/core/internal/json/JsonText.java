package io.llmspell.core.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.llmspell.core.json.JsonLimits;

/** The streaming half of the library, set up with the limits of the largest value that the house accepts. */
final class JsonText {
    /** A little more than the checker lets through, so that whatever was printed can be read again. */
    private static final int LONGEST_NUMBER = 1_100;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(constraints())
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private JsonText() {}

    private static StreamReadConstraints constraints() {
        JsonLimits largest = JsonLimits.TOOL;
        return StreamReadConstraints.builder()
                .maxNestingDepth(largest.depth())
                .maxDocumentLength(2 * largest.bytes())
                .maxStringLength((int) largest.bytes())
                .maxNumberLength(LONGEST_NUMBER)
                .build();
    }
}
