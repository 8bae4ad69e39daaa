package io.llmspell.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class LogChainTest {
    @Test
    void link_dependsOnPositionAndValue() {
        Bytes link = LogChain.link(1, Bytes.utf8("a"));

        assertThat(link.length()).isEqualTo(LogChain.LINK_BYTES);
        assertThat(link.toString()).as("format of all releases").startsWith("3b196fd4907bedf51c3090e9835f2f7c");
        assertThat(link).isEqualTo(LogChain.link(1, Bytes.utf8("a")));
        assertThat(Set.of(link, LogChain.link(2, Bytes.utf8("a")), LogChain.link(1, Bytes.utf8("b"))))
                .hasSize(3);
    }

    @Test
    void head_storedForm_readsBack() {
        LogChain.Head head = LogChain.Head.after(7, Bytes.utf8("x"));

        assertThat(LogChain.Head.decode(head.encoded())).isEqualTo(head);
        assertThatThrownBy(() -> LogChain.Head.decode(Bytes.utf8("short")))
                .hasMessage("the head of a chained log is 5 bytes long, but must be 40; restore the store from a backup"
                        + " [store_corrupt]");
    }

    @Test
    void entry_partsInLinkAndValue() {
        Bytes stored = LogChain.Head.START.linked(Bytes.utf8("abc"));

        assertThat(LogChain.linkOf(stored).equals(LogChain.Head.START.link())).isTrue();
        assertThat(LogChain.valueOf(stored).text()).isEqualTo("abc");
        assertThat(LogChain.linkOf(Bytes.utf8("abc")).text()).isEqualTo("abc");
        assertThat(LogChain.valueOf(Bytes.utf8("abc"))).isEqualTo(Bytes.empty());
    }

    @Test
    void headKey_isRecognised() {
        assertThat(LogChain.isHead(Space.META, LogChain.headKey(Space.AUDIT))).isTrue();
        assertThat(LogChain.isHead(Space.STATE, LogChain.headKey(Space.AUDIT))).isFalse();
        assertThat(LogChain.isHead(Space.META, Bytes.utf8("log-heat"))).isFalse();
    }
}
