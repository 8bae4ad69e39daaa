package io.llmspell.storage;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Stored;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted tree of keys; a change copies the path to the key and shares the rest with the old tree.
 *
 * <p>A treap: ordered by key from left to right and by a random priority from top to bottom, so its depth is
 * logarithmic whatever the keys are, and ranges are cut out by two splits. The empty tree is null. <b>Threads:</b>
 * immutable.
 *
 * @param key the key of the root
 * @param stored its value
 * @param priority not smaller than those below
 * @param size how many keys the tree has
 * @param left the smaller keys
 * @param right the larger keys
 */
record Treap(
        Bytes key,
        Stored stored,
        int priority,
        int size,
        @Nullable Treap left,
        @Nullable Treap right) {
    private static Treap node(Treap like, @Nullable Treap left, @Nullable Treap right) {
        return new Treap(like.key, like.stored, like.priority, 1 + count(left) + count(right), left, right);
    }

    static int count(@Nullable Treap tree) {
        return tree == null ? 0 : tree.size;
    }

    static @Nullable Stored get(@Nullable Treap tree, Bytes key) {
        Treap at = tree;
        while (at != null) {
            int order = key.compareTo(at.key);
            if (order == 0) {
                return at.stored;
            }
            at = order < 0 ? at.left : at.right;
        }
        return null;
    }

    /** The tree with a key set; {@code priority} counts only if the key is new. */
    static Treap put(@Nullable Treap tree, Bytes key, Stored stored, int priority) {
        return get(tree, key) == null
                ? insert(tree, new Treap(key, stored, priority, 1, null, null))
                : replace(tree, key, stored);
    }

    private static Treap insert(@Nullable Treap tree, Treap fresh) {
        if (tree == null) {
            return fresh;
        }
        if (fresh.priority > tree.priority) {
            return node(fresh, below(tree, fresh.key), from(tree, fresh.key));
        }
        return fresh.key.compareTo(tree.key) < 0
                ? node(tree, insert(tree.left, fresh), tree.right)
                : node(tree, tree.left, insert(tree.right, fresh));
    }

    private static Treap replace(@Nullable Treap tree, Bytes key, Stored stored) {
        Treap at = Objects.requireNonNull(tree);
        int order = key.compareTo(at.key);
        if (order == 0) {
            return new Treap(at.key, stored, at.priority, at.size, at.left, at.right);
        }
        return order < 0
                ? node(at, replace(at.left, key, stored), at.right)
                : node(at, at.left, replace(at.right, key, stored));
    }

    static @Nullable Treap remove(@Nullable Treap tree, Bytes key) {
        if (tree == null) {
            return null;
        }
        int order = key.compareTo(tree.key);
        if (order == 0) {
            return merge(tree.left, tree.right);
        }
        return order < 0
                ? node(tree, remove(tree.left, key), tree.right)
                : node(tree, tree.left, remove(tree.right, key));
    }

    /** The keys smaller than a bound. */
    static @Nullable Treap below(@Nullable Treap tree, Bytes bound) {
        if (tree == null) {
            return null;
        }
        return tree.key.compareTo(bound) < 0
                ? node(tree, tree.left, below(tree.right, bound))
                : below(tree.left, bound);
    }

    /** The keys not smaller than a bound. */
    static @Nullable Treap from(@Nullable Treap tree, Bytes bound) {
        if (tree == null) {
            return null;
        }
        return tree.key.compareTo(bound) < 0 ? from(tree.right, bound) : node(tree, from(tree.left, bound), tree.right);
    }

    /** Joins two trees, all keys of the first being smaller. */
    static @Nullable Treap merge(@Nullable Treap low, @Nullable Treap high) {
        if (low == null) {
            return high;
        }
        if (high == null) {
            return low;
        }
        return low.priority > high.priority
                ? node(low, low.left, merge(low.right, high))
                : node(high, merge(low, high.left), high.right);
    }
}
