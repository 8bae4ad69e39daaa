package io.llmspell.bridge.lua;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * One walk over what a script keeps alive, estimating its bytes.
 *
 * <p>Own types carry a mark of the walk that saw them; for text and all others sets are kept. The walk ends early once the limit is passed.
 */
final class LiveSize {
    private static final int STRING_HEADER = 48;
    private static final int NUMBER_BYTES = 16;
    private static final int FUNCTION_BYTES = 40;
    private static final int OTHER_BYTES = 64;

    private final int number;
    private final long limit;
    private final ArrayDeque<LuaValue> open = new ArrayDeque<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final TextSet texts = new TextSet();
    private long bytes;

    LiveSize(int number, long limit) {
        this.number = number;
        this.limit = limit;
    }

    /** Adds what has no contents at once and keeps the rest for {@link #finish()}. */
    void add(@Nullable LuaValue value) {
        if (value == null) {
            return;
        }
        if (value instanceof LuaString text) {
            if (texts.add(text)) {
                bytes += STRING_HEADER + text.m_bytes.length;
            }
        } else if (value instanceof LuaNumber) {
            bytes += NUMBER_BYTES;
        } else if (value instanceof ScriptTable table) {
            if (table.markSeen(number)) {
                open.add(table);
            }
        } else if (value instanceof ScriptFunction function) {
            if (function.markSeen(number)) {
                open.add(function);
            }
        } else if (!value.isnil() && !value.isboolean() && seen.add(value)) {
            open.add(value);
        }
    }

    /** Adds a list of values, such as arguments; null is empty. */
    void addAll(@Nullable Varargs values) {
        if (values == null) {
            return;
        }
        for (int i = 1, n = values.narg(); i <= n; i++) {
            add(values.arg(i));
        }
    }

    void addBytes(long more) {
        bytes += more;
    }

    int number() {
        return number;
    }

    /** Follows every reference and returns the bytes, or a figure beyond the limit. */
    long finish() {
        for (LuaValue next = open.poll(); next != null && bytes <= limit; next = open.poll()) {
            visit(next);
        }
        return bytes;
    }

    private void visit(LuaValue value) {
        if (value instanceof ScriptTable table) {
            bytes += table.ownBytes();
            table.visit(this);
        } else if (value instanceof ScriptFunction function) {
            bytes += FUNCTION_BYTES;
            function.visit(this);
        } else if (value instanceof LuaCoroutine coroutine) {
            coroutine.visit(this);
        } else if (value.getClass() == LuaTable.class) {
            visitPlain((LuaTable) value);
        } else if (value instanceof HeldValues function) {
            bytes += OTHER_BYTES;
            function.visit(this);
        } else {
            bytes += OTHER_BYTES;
            add(value.getmetatable());
        }
    }

    private void visitPlain(LuaTable table) {
        bytes += OTHER_BYTES;
        for (Varargs entry = table.next(LuaValue.NIL);
                !entry.arg1().isnil() && bytes <= limit;
                entry = table.next(entry.arg1())) {
            bytes += OTHER_BYTES;
            add(entry.arg1());
            add(entry.arg(2));
        }
        add(table.getmetatable());
    }

    /** A host function that keeps script values alive, such as the iterator of {@code gmatch}. */
    interface HeldValues {
        void visit(LiveSize walk);
    }

    /**
     * The texts seen, by the identity of their bytes and the hash they carry already.
     *
     * <p>A text that finds no place within a few steps, as one of many equal ones may not, counts as
     * new: the figure is then too high, and the search never long.
     */
    private static final class TextSet {
        private static final int STEPS = 8;

        private byte[][] slots = new byte[1024][];
        private int[] hashes = new int[slots.length];
        private int size;

        boolean add(LuaString text) {
            if (size > slots.length / 2) {
                grow();
            }
            return insert(text.m_bytes, text.hashCode());
        }

        private boolean insert(byte[] bytes, int hash) {
            int mask = slots.length - 1;
            int at = ((hash * 0x9e3779b9) >>> 7) & mask;
            for (int step = 0; step < STEPS; step++) {
                byte[] there = slots[at];
                if (there == bytes) {
                    return false;
                }
                if (there == null) {
                    slots[at] = bytes;
                    hashes[at] = hash;
                    size++;
                    return true;
                }
                at = (at + 1) & mask;
            }
            return true;
        }

        private void grow() {
            byte[][] oldSlots = slots;
            int[] oldHashes = hashes;
            slots = new byte[oldSlots.length * 4][];
            hashes = new int[slots.length];
            size = 0;
            for (int i = 0; i < oldSlots.length; i++) {
                if (oldSlots[i] != null) {
                    insert(oldSlots[i], oldHashes[i]);
                }
            }
        }
    }
}
