package io.llmspell.bridge.lua;

import org.luaj.vm2.Prototype;

/**
 * Compiles source text to the instructions that {@link LuaInterpreter} runs.
 *
 * <p>The language is Lua 5.2 with the operators, attributes and escapes of 5.4. Its own, in place of
 * LuaJ's: that one knows only 5.2, keeps no columns, takes numerals loosely and uses the Java stack
 * as deep as the text goes.
 */
final class LuaCompiler {
    private LuaCompiler() {}

    /**
     * Compiles {@code text}, charging the work to {@code guard}.
     *
     * @param chunk the chunk as messages show it
     * @throws LuaSyntaxException if it is not Lua
     */
    static Prototype compile(byte[] text, String chunk, LuaGuard guard) throws LuaSyntaxException {
        if (text.length > 0 && text[0] == 27) {
            throw new LuaSyntaxException(chunk, 1, 1, "compiled chunks are refused: only source text can be loaded");
        }
        byte[] source = withoutByteOrderMark(text);
        try {
            return LuaParser.parse(new LuaLexer(source, guard));
        } catch (LuaProblem problem) {
            throw new LuaSyntaxException(
                    chunk, problem.line(), column(source, problem.offset()), String.valueOf(problem.getMessage()));
        }
    }

    private static byte[] withoutByteOrderMark(byte[] text) {
        boolean hasMark =
                text.length >= 3 && text[0] == (byte) 0xef && text[1] == (byte) 0xbb && text[2] == (byte) 0xbf;
        return hasMark ? java.util.Arrays.copyOfRange(text, 3, text.length) : text;
    }

    private static int column(byte[] source, int offset) {
        int column = 1;
        for (int i = Math.min(offset, source.length) - 1; i >= 0 && source[i] != '\n'; i--) {
            // Continuation bytes of a character are not columns of their own.
            if ((source[i] & 0xc0) != 0x80) {
                column++;
            }
        }
        return column;
    }
}
