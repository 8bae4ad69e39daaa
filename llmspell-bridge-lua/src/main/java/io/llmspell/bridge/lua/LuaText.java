package io.llmspell.bridge.lua;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.luaj.vm2.LuaString;

/**
 * Text between Java and Lua, always as UTF-8 bytes.
 *
 * <p>LuaJ's own conversions break characters beyond the basic plane and fail on malformed bytes, so
 * nothing in this package uses them.
 */
final class LuaText {
    private LuaText() {}

    /** Returns the UTF-8 bytes of {@code text}; a lone surrogate becomes {@code ?}. */
    static LuaString of(String text) {
        return LuaString.valueUsing(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Decodes strictly.
     *
     * @throws CharacterCodingException if the bytes are not UTF-8
     */
    static String toJava(LuaString text) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(text.m_bytes, text.m_offset, text.m_length))
                .toString();
    }

    /** Decodes for messages: malformed bytes become the replacement character. */
    static String toJavaLossy(LuaString text) {
        return new String(text.m_bytes, text.m_offset, text.m_length, StandardCharsets.UTF_8);
    }

    /** Returns a copy of the bytes. */
    static byte[] bytes(LuaString text) {
        byte[] copy = new byte[text.m_length];
        System.arraycopy(text.m_bytes, text.m_offset, copy, 0, copy.length);
        return copy;
    }
}
