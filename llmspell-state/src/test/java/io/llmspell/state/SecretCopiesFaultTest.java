package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parts that let secrets through, each of which {@link SecretCopiesTest} must find. */
@Timeout(60)
class SecretCopiesFaultTest {
    private final Redactor right = SecretCopiesCheck.redactor();

    private static void red(RecordCodec codec, Redactor redactor, String exit) {
        assertThatThrownBy(() -> SecretCopiesCheck.run(codec, redactor))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(exit);
    }

    @Test
    void codecThatSealsNothing_isRed() {
        RecordCodec codec = SecretCopiesCheck.codec();
        red(
                new RecordCodec() {
                    @Override
                    public Bytes encode(Bytes key, RecordHeader header, @Nullable Object value) {
                        return codec.encode(key, header, value);
                    }

                    @Override
                    public Bytes seal(Bytes key, RecordHeader header, @Nullable Object value) {
                        return codec.encode(key, header, value);
                    }

                    @Override
                    public RecordHeader header(Bytes record) {
                        return codec.header(record);
                    }

                    @Override
                    public @Nullable Object decode(Bytes key, Bytes record) {
                        return codec.decode(key, record);
                    }
                },
                right,
                "the records");
    }

    @Test
    void redactorThatKnowsNoNames_isRed() {
        red(SecretCopiesCheck.codec(), new OtherRedactor(name -> false, true), "the records");
    }

    @Test
    void redactorThatReadsNoTexts_isRed() {
        red(SecretCopiesCheck.codec(), new OtherRedactor(right::secretName, false), "the records");
    }

    @Test
    void redactorThatGoesByTheLocale_isRedInTurkish() {
        Redactor local = new OtherRedactor(name -> right.secretName(name.toLowerCase(Locale.getDefault())), true);

        SecretCopiesTest.in("tr-TR", () -> red(SecretCopiesCheck.codec(), local, "the records"));
    }
}
