package io.llmspell.bridge.lua;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kinds of tokens; the text is what messages show. */
enum LuaToken {
    AND("and"),
    BREAK("break"),
    DO("do"),
    ELSE("else"),
    ELSEIF("elseif"),
    END("end"),
    FALSE("false"),
    FOR("for"),
    FUNCTION("function"),
    GOTO("goto"),
    IF("if"),
    IN("in"),
    LOCAL("local"),
    NIL("nil"),
    NOT("not"),
    OR("or"),
    REPEAT("repeat"),
    RETURN("return"),
    THEN("then"),
    TRUE("true"),
    UNTIL("until"),
    WHILE("while"),
    PLUS("+"),
    MINUS("-"),
    STAR("*"),
    SLASH("/"),
    DOUBLE_SLASH("//"),
    PERCENT("%"),
    CARET("^"),
    HASH("#"),
    AMPERSAND("&"),
    TILDE("~"),
    BAR("|"),
    SHIFT_LEFT("<<"),
    SHIFT_RIGHT(">>"),
    EQUAL("=="),
    NOT_EQUAL("~="),
    LESS_EQUAL("<="),
    GREATER_EQUAL(">="),
    LESS("<"),
    GREATER(">"),
    ASSIGN("="),
    LEFT_PARENTHESIS("("),
    RIGHT_PARENTHESIS(")"),
    LEFT_BRACE("{"),
    RIGHT_BRACE("}"),
    LEFT_BRACKET("["),
    RIGHT_BRACKET("]"),
    DOUBLE_COLON("::"),
    SEMICOLON(";"),
    COLON(":"),
    COMMA(","),
    DOT("."),
    CONCAT(".."),
    DOTS("..."),
    NAME("<name>"),
    NUMBER("<number>"),
    STRING("<string>"),
    END_OF_TEXT("<eof>");

    private static final Map<String, LuaToken> WORDS = words();

    final String text;

    LuaToken(String text) {
        this.text = text;
    }

    private static Map<String, LuaToken> words() {
        Map<String, LuaToken> words = new HashMap<>();
        for (LuaToken token : values()) {
            if (token.compareTo(WHILE) <= 0) {
                words.put(token.text, token);
            }
        }
        return words;
    }

    /** The reserved word that {@code text} is, or null. */
    static @Nullable LuaToken word(String text) {
        return WORDS.get(text);
    }

    /** Whether a block ends before this token; {@code until} is such an end where {@code withUntil} says so. */
    boolean endsBlock(boolean withUntil) {
        return switch (this) {
            case ELSE, ELSEIF, END, END_OF_TEXT -> true;
            case UNTIL -> withUntil;
            default -> false;
        };
    }
}
