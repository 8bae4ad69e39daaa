package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
    private final CanonicalJson canonical = new CanonicalJson(JsonCodec.create());

    @Test
    void text_sortsMembersAtEveryDepth() {
        assertThat(canonical.text(JsonObject.of("b", JsonObject.of("z", null, "a", true), "a", JsonArray.of(1, "x"))))
                .isEqualTo("{\"a\":[1,\"x\"],\"b\":{\"a\":true,\"z\":null}}");
    }

    @Test
    void numbers_ofTheSameValue_areTheSame() {
        for (List<?> same : List.of(
                List.of(1L, 1.0, new BigDecimal("1.000"), BigInteger.ONE, 1),
                List.of(0L, 0.0, -0.0, new BigDecimal("0E+9")),
                List.of(0.1, new BigDecimal("0.10")),
                List.of(2e-3, new BigDecimal("0.002")),
                List.of(100L, new BigDecimal("1E+2")),
                List.of(1e300, new BigDecimal("1E+300")),
                List.of(new BigInteger("12345678901234567890"), new BigDecimal("12345678901234567890.0")))) {
            assertThat(same)
                    .extracting(canonical::digest)
                    .as(same.toString())
                    .containsOnly(canonical.digest(same.get(0)));
        }
    }

    @Test
    void values_thatDiffer_haveOtherDigests() {
        assertThat(List.of(
                        canonical.digest(null),
                        canonical.digest("null"),
                        canonical.digest(1L),
                        canonical.digest("1"),
                        canonical.digest(0.1),
                        canonical.digest(new BigDecimal("0.10000000000000001")),
                        canonical.digest(Long.MAX_VALUE),
                        canonical.digest(new BigInteger("9223372036854775808")),
                        canonical.digest(JsonArray.of("a", "b")),
                        canonical.digest(JsonArray.of("b", "a")),
                        canonical.digest(JsonArray.of("a,b")),
                        canonical.digest(JsonObject.of("a", JsonObject.empty())),
                        canonical.digest(JsonObject.of("a", JsonArray.of()))))
                .doesNotHaveDuplicates();
    }
}
