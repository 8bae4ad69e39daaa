package io.llmspell.hooks.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The check of {@link DistributedContextTest} is red if some fields are left unsigned. */
class DistributedContextFaultTest {
    /** Signs everything but the context itself and the metadata; an attacker can rewrite those. */
    private static final class PartialSeal implements Seal {
        private final Seal whole = ContextAttack.hmac();

        @Override
        public Bytes close(byte[] payload) {
            String line = whole.close(signedPart(payload)).text();
            return Bytes.utf8(line.substring(0, line.indexOf('\n') + 1)).plus(Bytes.copyOf(payload));
        }

        @Override
        public Opened open(Bytes sealed) {
            String all = new String(sealed.toArray(), StandardCharsets.ISO_8859_1);
            int end = all.indexOf('\n');
            if (end < 0) {
                throw Refusal.unsigned("no line");
            }
            Bytes payload = sealed.slice(end + 1, sealed.length());
            Bytes head = sealed.slice(0, end + 1);
            Opened opened = whole.open(head.plus(Bytes.copyOf(signedPart(payload.toArray()))));
            return new Opened(payload, opened.key());
        }

        private static byte[] signedPart(byte[] payload) {
            String text = new String(payload, StandardCharsets.ISO_8859_1);
            int from = Math.max(0, text.indexOf("\"source\":"));
            int to = Math.max(from, text.lastIndexOf(",\"metadata\":"));
            return text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void partialSeal_takesGenuineContexts() {
        ContextAttack bench = new ContextAttack(new PartialSeal());

        assertThat(bench.verdict(bench.codec.write(bench.fresh(1)))).isNull();
    }

    @Test
    void partialSeal_isFoundByTheCheck() {
        assertThat(new ContextAttack(new PartialSeal()).flipped()).isPositive();
    }
}
