package io.llmspell.state;

import io.llmspell.testing.check.Check;
import java.util.Locale;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Check({"P01", "P03"})
@Timeout(60)
class SecretCopiesTest {
    @ParameterizedTest
    @ValueSource(strings = {"en-US", "tr-TR", "ar-EG", "th-TH-u-nu-thai"})
    void secrets_ofTwelveKinds_comeOutNowhere(String locale) {
        in(locale, () -> SecretCopiesCheck.run(SecretCopiesCheck.codec(), SecretCopiesCheck.redactor()));
    }

    /** Runs something under another default locale. */
    static void in(String locale, Runnable work) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(locale));
        try {
            work.run();
        } finally {
            Locale.setDefault(before);
        }
    }
}
