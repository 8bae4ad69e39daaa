package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * A table as scripts make it: LuaJ's, with its real size visible to the memory limit.
 *
 * <p>Whoever gives a table to a script uses this class too; a plain {@link LuaTable} works but is
 * measured by its entries only.
 */
final class ScriptTable extends LuaTable {
    private static final int HEADER_BYTES = 56;
    private static final int ARRAY_SLOT_BYTES = 4;
    private static final int HASH_ENTRY_BYTES = 32;

    /** The walk that last counted this table; see {@link LiveSize}. */
    private int seenBy;

    ScriptTable() {}

    ScriptTable(int arraySize, int hashSize) {
        super(arraySize, hashSize);
    }

    /**
     * Stores an entry that is not in the array part.
     *
     * <p>LuaJ keeps a number as a bare double and, when a text follows it, makes a number of a text that
     * spells one. A value between the two that spells nothing prevents that.
     */
    @Override
    public void hashset(LuaValue key, LuaValue value) {
        if (value instanceof LuaString text && maySpellNumber(text) && hashget(key) instanceof LuaNumber) {
            super.hashset(key, FALSE);
        }
        super.hashset(key, value);
    }

    private static boolean maySpellNumber(LuaString text) {
        int first = text.m_length == 0 ? 'x' : text.luaByte(0);
        return first <= '9' || (first | 0x20) == 'e';
    }

    /** Marks the table as counted by the walk {@code number}; false if it was already. */
    boolean markSeen(int number) {
        if (seenBy == number) {
            return false;
        }
        seenBy = number;
        return true;
    }

    /** The bytes of the table itself, without what it refers to. */
    long ownBytes() {
        return HEADER_BYTES
                + (long) array.length * ARRAY_SLOT_BYTES
                + (long) getHashLength() * ARRAY_SLOT_BYTES
                + (long) hashEntries * HASH_ENTRY_BYTES;
    }

    /** How many slots a search for the next entry may have to pass. */
    int slots() {
        return array.length + getHashLength();
    }

    /** Hands every key and value to {@code walk}. */
    void visit(LiveSize walk) {
        for (LuaValue value : array) {
            if (value != null) {
                // A weak entry is a wrapper that must not be asked for its type.
                walk.add(m_metatable == null ? value : value.strongvalue());
            }
        }
        LuaValue key = array.length == 0 ? NIL : LuaValue.valueOf(array.length);
        if (getHashLength() > 0) {
            for (Varargs entry = next(key); !entry.arg1().isnil(); entry = next(entry.arg1())) {
                walk.add(entry.arg1());
                walk.add(entry.arg(2));
            }
        }
        walk.add(getmetatable());
    }
}
