package io.llmspell.bridge.lua;

import java.util.Arrays;
import org.luaj.vm2.LuaString;

/** Text being put together, its growth charged to the guard before it happens. */
final class LuaBuffer {
    private static final int FIRST = 64;
    private static final int LONG = 4096;

    private final LuaGuard guard;
    private byte[] bytes = new byte[FIRST];
    private int length;

    LuaBuffer(LuaGuard guard) {
        this.guard = guard;
    }

    int length() {
        return length;
    }

    LuaBuffer add(LuaString text) {
        return add(text, 0, text.m_length);
    }

    LuaBuffer add(LuaString text, int from, int to) {
        makeRoom(to - from);
        System.arraycopy(text.m_bytes, text.m_offset + from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    LuaBuffer add(int oneByte) {
        makeRoom(1);
        bytes[length++] = (byte) oneByte;
        return this;
    }

    LuaBuffer addZeros(int count) {
        makeRoom(count);
        Arrays.fill(bytes, length, length + count, (byte) 0);
        length += count;
        return this;
    }

    private void makeRoom(int more) {
        long needed = (long) length + more;
        if (needed > bytes.length) {
            long size = Math.max(needed, 2L * bytes.length);
            if (size > LONG) {
                guard.reserve(size);
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(size, Integer.MAX_VALUE - 8));
        }
    }

    LuaString toText() {
        return LuaString.valueUsing(Arrays.copyOf(bytes, length));
    }
}
