package io.llmspell.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StorageTypesTest {
    private static Bytes bytes(int... content) {
        byte[] array = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            array[i] = (byte) content[i];
        }
        return Bytes.own(array);
    }

    @Test
    void bytes_order_isUnsignedAndShorterFirst() {
        assertThat(List.of(
                        bytes(),
                        bytes(0),
                        bytes(0, 0),
                        bytes(0, 0xFF),
                        bytes(1),
                        bytes(0x7F),
                        bytes(0x80),
                        bytes(0xFF)))
                .isSorted();
        assertThat(bytes(1, 2)).isEqualByComparingTo(bytes(1, 2));
    }

    @Test
    void bytes_equalsAndHash_followTheContent() {
        assertThat(bytes(1, 2)).isEqualTo(Bytes.copyOf(new byte[] {1, 2})).hasSameHashCodeAs(bytes(1, 2));
        assertThat(bytes(1, 2)).isNotEqualTo(bytes(1, 2, 0)).isNotEqualTo("0102");
    }

    @Test
    void bytes_copyOf_isIndependentAndToArrayToo() {
        byte[] raw = {1, 2};
        Bytes copy = Bytes.copyOf(raw);
        raw[0] = 9;
        copy.toArray()[1] = 9;

        assertThat(copy).isEqualTo(bytes(1, 2));
        assertThatThrownBy(() -> copy.view().put((byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
        assertThat(copy.view().remaining()).isEqualTo(2);
    }

    @Test
    void bytes_textAndLong_readBack() {
        assertThat(Bytes.utf8("é😀").text()).isEqualTo("é😀");
        assertThat(Bytes.utf8("é").length()).isEqualTo(2);
        assertThat(Bytes.ofLong(-2).longAt(0)).isEqualTo(-2);
        assertThat(bytes(7).plus(Bytes.ofLong(5)).longAt(1)).isEqualTo(5);
        assertThat(Bytes.ofLong(1)).isLessThan(Bytes.ofLong(256));
        assertThat(bytes(1, 0x80).at(1)).isEqualTo((byte) 0x80);
        assertThat(Bytes.empty().length()).isZero();
    }

    @Test
    void bytes_slice_isCheckedAtItsBorders() {
        Bytes all = bytes(1, 2, 3);

        assertThat(all.slice(0, 3)).isEqualTo(all);
        assertThat(all.slice(1, 2)).isEqualTo(bytes(2));
        assertThat(all.slice(3, 3)).isEqualTo(Bytes.empty());
        for (int[] bad : new int[][] {{-1, 2}, {2, 1}, {0, 4}, {4, 4}}) {
            assertThatThrownBy(() -> all.slice(bad[0], bad[1]))
                    .isInstanceOf(ArgumentException.class)
                    .hasMessageContaining("slice is \"" + bad[0] + " to " + bad[1] + "\", but must be within 0 to 3");
        }
    }

    @Test
    void bytes_startsWith_comparesThePrefix() {
        assertThat(bytes(1, 2, 3).startsWith(bytes(1, 2))).isTrue();
        assertThat(bytes(1, 2).startsWith(Bytes.empty())).isTrue();
        assertThat(bytes(1, 2).startsWith(bytes(1, 2, 3))).isFalse();
        assertThat(bytes(1, 2).startsWith(bytes(2))).isFalse();
    }

    @Test
    void bytes_prefixEnd_isTheFirstKeyBehindThePrefix() {
        assertThat(bytes(1, 2).prefixEnd()).isEqualTo(bytes(1, 3));
        assertThat(bytes(1, 0xFF).prefixEnd()).isEqualTo(bytes(2));
        assertThat(bytes(0x7F).prefixEnd()).isEqualTo(bytes(0x80));
        assertThat(bytes(0xFF, 0xFF).prefixEnd()).isEqualTo(Bytes.empty());
        assertThat(Bytes.empty().prefixEnd()).isEqualTo(Bytes.empty());
    }

    @Property(tries = 1_000)
    void range_ofAPrefix_holdsExactlyTheKeysThatStartWithIt(@ForAll byte[] prefix, @ForAll byte[] other) {
        Range range = Range.prefix(Bytes.copyOf(prefix));
        Bytes key = Bytes.copyOf(other);

        assertThat(range.contains(key)).isEqualTo(key.startsWith(Bytes.copyOf(prefix)));
        assertThat(range.contains(Bytes.copyOf(prefix).plus(key))).isTrue();
    }

    @Test
    void bytes_toString_isShort() {
        assertThat(bytes(0, 0xAB)).hasToString("00ab");
        assertThat(Bytes.own(new byte[17])).hasToString("00".repeat(16) + "… (17)");
        assertThat(Bytes.own(new byte[16])).hasToString("00".repeat(16));
    }

    @Test
    void range_holdsItsStartAndNotItsEnd() {
        Range range = new Range(bytes(1), bytes(3), false);

        assertThat(range.contains(bytes(1))).isTrue();
        assertThat(range.contains(bytes(2, 0xFF))).isTrue();
        assertThat(range.contains(bytes(3))).isFalse();
        assertThat(range.contains(bytes(0, 0xFF))).isFalse();
        assertThat(Range.all().contains(Bytes.empty())).isTrue();
        assertThat(Range.all().contains(bytes(0xFF, 0xFF))).isTrue();
        assertThat(range.reversed()).isEqualTo(new Range(bytes(1), bytes(3), true));
        assertThat(range.reversed().reversed()).isEqualTo(range);
    }

    @Test
    void commit_orThrow_givesTheNumberOrTheConflict() {
        Commit.Done done = new Commit.Done(7, new ArrayList<>(List.of(1L)), WriteMode.DURABLE);
        Commit conflict = new Commit.Conflict(Space.STATE, bytes(1), 9);

        assertThat(done.orThrow()).isSameAs(done);
        assertThat(done.positions()).containsExactly(1L);
        assertThatThrownBy(conflict::orThrow)
                .isInstanceOfSatisfying(StorageException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.STATE_CONFLICT);
                    assertThat(error.details()).isEqualTo(Map.of("actual", 9L));
                })
                .hasMessageContaining("the revision of a key in state is now 9; read it again");
    }

    @Test
    void batch_withoutWrites_isRefused() {
        Write put = new Write.Put(Space.STATE, bytes(1), bytes(2));

        assertThat(Batch.of(WriteMode.BUFFERED, put)).isEqualTo(new Batch(List.of(put), WriteMode.BUFFERED, null));
        assertThatThrownBy(() -> Batch.of(WriteMode.BUFFERED))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("at least one write");
    }

    @Test
    void append_toWhatIsNoLog_isRefused() {
        Write.Append append = new Write.Append(Space.EVENTS, bytes(1), List.of(bytes(2)));

        assertThat(append.space()).isEqualTo(Space.EVENTS);
        assertThatThrownBy(() -> new Write.Append(Space.STATE, bytes(1), List.of()))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("space of an append is \"state\", but must be a log");
    }

    @ParameterizedTest
    @CsvSource({"state,false", "events,true", "history,true", "audit,true", "sessions,false", "meta,false"})
    void spaces_ofTheHouse_areLogsOrNot(String name, boolean log) {
        assertThat(List.of(Space.STATE, Space.EVENTS, Space.HISTORY, Space.AUDIT, Space.SESSIONS, Space.META))
                .contains(new Space(name, log));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "1a", "a-b", "_a", "a b"})
    void space_withABadName_isRefused(String name) {
        assertThatThrownBy(() -> new Space(name, false)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> new Space("x".repeat(65), false)).isInstanceOf(ArgumentException.class);
        assertThat(new Space("x".repeat(64), true).name()).hasSize(64);
    }

    @Test
    void reader_getAll_asksForEachKeyInOrder() {
        StorageReader reader = new StorageReader() {
            @Override
            public Optional<Stored> get(Space space, Bytes key) {
                return key.length() == 0 ? Optional.empty() : Optional.of(new Stored(key, key.at(0)));
            }

            @Override
            public Cursor scan(Space space, Range range) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Cursor index(Space log, Bytes prefix, boolean reverse) {
                throw new UnsupportedOperationException();
            }
        };

        assertThat(reader.getAll(Space.STATE, List.of(bytes(2), Bytes.empty(), bytes(1))))
                .containsExactly(
                        Optional.of(new Stored(bytes(2), 2)), Optional.empty(), Optional.of(new Stored(bytes(1), 1)));
    }

    @Test
    void header_of_isPlain() {
        @Nullable RecordHeader header = RecordHeader.of("standard", null);

        assertThat(header).isEqualTo(new RecordHeader("", "0.0.0", "standard", null, null));
        assertThat(WriteMode.DURABLE.id()).isEqualTo("durable");
    }
}
