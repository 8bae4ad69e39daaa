package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Stored;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TreapTest {
    @Property(tries = 100)
    void treap_randomChanges_equalsATreeMap(@ForAll long seed) {
        Random random = new Random(seed);
        TreeMap<Bytes, Stored> model = new TreeMap<>();
        Treap tree = null;
        for (int i = 1; i <= 200; i++) {
            Bytes key = Bytes.own(new byte[] {(byte) random.nextInt(60)});
            if (random.nextInt(3) == 0) {
                tree = Treap.remove(tree, key);
                model.remove(key);
            } else {
                Stored stored = new Stored(key, i);
                tree = Treap.put(tree, key, stored, random.nextInt());
                model.put(key, stored);
            }
            assertThat(Treap.get(tree, key)).isEqualTo(model.get(key));
        }
        assertThat(Treap.count(tree)).isEqualTo(model.size());
        Bytes cut = Bytes.own(new byte[] {30});
        assertThat(Treap.count(Treap.below(tree, cut)))
                .isEqualTo(model.headMap(cut).size());
        assertThat(Treap.count(Treap.from(tree, cut)))
                .isEqualTo(model.tailMap(cut).size());
        assertSound(Treap.merge(Treap.below(tree, cut), Treap.from(tree, cut)));
    }

    @Test
    void treap_ascendingKeys_staysFlat() {
        Random random = new Random(1);
        Treap tree = null;
        for (int i = 0; i < 100_000; i++) {
            tree = Treap.put(tree, Bytes.ofLong(i), new Stored(Bytes.empty(), i), random.nextInt());
        }
        assertThat(depth(tree)).isLessThan(60);
        assertSound(tree);
    }

    private static int depth(@Nullable Treap tree) {
        return tree == null ? 0 : 1 + Math.max(depth(tree.left()), depth(tree.right()));
    }

    private static void assertSound(@Nullable Treap tree) {
        if (tree == null) {
            return;
        }
        Treap left = tree.left();
        Treap right = tree.right();
        if (left != null) {
            assertThat(left.key()).isLessThan(tree.key());
            assertThat(left.priority()).isLessThanOrEqualTo(tree.priority());
        }
        if (right != null) {
            assertThat(right.key()).isGreaterThan(tree.key());
            assertThat(right.priority()).isLessThanOrEqualTo(tree.priority());
        }
        assertSound(left);
        assertSound(right);
    }
}
