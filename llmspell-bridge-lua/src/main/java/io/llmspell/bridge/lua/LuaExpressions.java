package io.llmspell.bridge.lua;

import io.llmspell.bridge.lua.LuaExp.Kind;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaString;

/** Reads expressions and makes their code. */
final class LuaExpressions {
    private static final LuaString ENVIRONMENT = LuaText.of("_ENV");
    private static final int MANY = -1;

    private final LuaLexer lexer;
    private final LuaParser parser;

    LuaExpressions(LuaLexer lexer, LuaParser parser) {
        this.lexer = lexer;
        this.parser = parser;
    }

    private LuaScope scope() {
        return parser.scope();
    }

    private LuaValueCode values() {
        return parser.scope().values;
    }

    void read(LuaExp e) {
        readWithin(e, 0);
    }

    /** Reads operands and operators that bind stronger than {@code limit}; returns the first that does not. */
    private @Nullable LuaOperator readWithin(LuaExp e, int limit) {
        parser.deeper();
        LuaOperator.Unary unary = LuaOperator.Unary.of(lexer.token());
        if (unary != null) {
            int line = lexer.line();
            lexer.next();
            readWithin(e, LuaOperator.UNARY);
            values().prefix(unary, e, line);
        } else {
            readSimple(e);
        }
        LuaOperator operator = LuaOperator.of(lexer.token());
        while (operator != null && operator.left > limit) {
            int line = lexer.line();
            lexer.next();
            values().infix(operator, e);
            LuaExp right = new LuaExp();
            LuaOperator next = readWithin(right, operator.right);
            values().postfix(operator, e, right, line);
            operator = next;
        }
        parser.shallower();
        return operator;
    }

    private void readSimple(LuaExp e) {
        switch (lexer.token()) {
            case NUMBER -> {
                e.set(Kind.NUMBER, 0).number = lexer.number();
            }
            case STRING -> constant(e, lexer.text());
            case NIL -> e.set(Kind.NIL, 0);
            case TRUE -> e.set(Kind.TRUE, 0);
            case FALSE -> e.set(Kind.FALSE, 0);
            case DOTS -> {
                if (scope().prototype.is_vararg == 0) {
                    throw lexer.problemHere("cannot use '...' outside a vararg function");
                }
                e.set(Kind.VARARG, scope().code.emit(Lua.OP_VARARG, 0, 1, 0));
            }
            case LEFT_BRACE -> {
                readTable(e);
                return;
            }
            case FUNCTION -> {
                lexer.next();
                parser.readBody(e, false, lexer.line());
                return;
            }
            default -> {
                readSuffixed(e);
                return;
            }
        }
        lexer.next();
    }

    private void constant(LuaExp e, LuaString text) {
        e.set(Kind.CONSTANT, scope().code.constant(text));
    }

    private LuaExp constant(LuaString text) {
        LuaExp e = new LuaExp();
        constant(e, text);
        return e;
    }

    // ---- variables and calls

    void readVariable(LuaExp e) {
        LuaString name = parser.readName();
        scope().resolve(name, e);
        if (e.kind == Kind.VOID) {
            scope().resolve(ENVIRONMENT, e);
            values().index(e, constant(name));
        }
    }

    private void readPrimary(LuaExp e) {
        switch (lexer.token()) {
            case LEFT_PARENTHESIS -> {
                int line = lexer.line();
                lexer.next();
                read(e);
                parser.expectClosing(LuaToken.RIGHT_PARENTHESIS, LuaToken.LEFT_PARENTHESIS, line);
                values().discharge(e);
            }
            case NAME -> readVariable(e);
            default -> throw lexer.problemHere("unexpected symbol");
        }
    }

    void readSuffixed(LuaExp e) {
        int line = lexer.line();
        readPrimary(e);
        while (true) {
            switch (lexer.token()) {
                case DOT -> readField(e);
                case LEFT_BRACKET -> {
                    values().toAnyRegisterOrUpvalue(e);
                    LuaExp key = new LuaExp();
                    readKey(key);
                    values().index(e, key);
                }
                case COLON -> {
                    lexer.next();
                    values().self(e, constant(parser.readName()));
                    readArguments(e, line);
                }
                case LEFT_PARENTHESIS, STRING, LEFT_BRACE -> {
                    values().toNextRegister(e);
                    readArguments(e, line);
                }
                default -> {
                    return;
                }
            }
        }
    }

    /** Reads a dot or colon and the name after it. */
    void readField(LuaExp e) {
        values().toAnyRegisterOrUpvalue(e);
        lexer.next();
        values().index(e, constant(parser.readName()));
    }

    private void readKey(LuaExp key) {
        lexer.next();
        read(key);
        values().toValue(key);
        parser.expect(LuaToken.RIGHT_BRACKET);
    }

    private void readArguments(LuaExp called, int line) {
        LuaExp args = new LuaExp();
        switch (lexer.token()) {
            case LEFT_PARENTHESIS -> {
                lexer.next();
                if (lexer.token() != LuaToken.RIGHT_PARENTHESIS) {
                    readList(args);
                    values().allResults(args);
                }
                parser.expectClosing(LuaToken.RIGHT_PARENTHESIS, LuaToken.LEFT_PARENTHESIS, line);
            }
            case LEFT_BRACE -> readTable(args);
            case STRING -> {
                constant(args, lexer.text());
                lexer.next();
            }
            default -> throw lexer.problemHere("function arguments expected");
        }
        int base = called.info;
        int count = MANY;
        if (!args.hasManyResults()) {
            if (args.kind != Kind.VOID) {
                values().toNextRegister(args);
            }
            count = scope().code.free() - (base + 1);
        }
        called.set(Kind.CALL, scope().code.emit(Lua.OP_CALL, base, count + 1, 2));
        scope().code.line(line);
        scope().code.free(base + 1);
    }

    /** Reads expressions with commas between them; all but the last are in registers then. */
    int readList(LuaExp e) {
        int count = 1;
        read(e);
        while (parser.skip(LuaToken.COMMA)) {
            values().toNextRegister(e);
            read(e);
            count++;
        }
        return count;
    }

    // ---- tables

    private void readTable(LuaExp table) {
        int line = lexer.line();
        int at = scope().code.emit(Lua.OP_NEWTABLE, 0, 0, 0);
        table.set(Kind.RELOCATABLE, at);
        values().toNextRegister(table);
        Elements elements = new Elements(table.info);
        parser.expect(LuaToken.LEFT_BRACE);
        do {
            if (lexer.token() == LuaToken.RIGHT_BRACE) {
                break;
            }
            elements.store();
            readEntry(elements);
        } while (parser.skip(LuaToken.COMMA) || parser.skip(LuaToken.SEMICOLON));
        parser.expectClosing(LuaToken.RIGHT_BRACE, LuaToken.LEFT_BRACE, line);
        elements.storeLast();
        int word = scope().code.word(at);
        scope().code.patch(at, LuaOp.withC(LuaOp.withB(word, roughly(elements.count)), roughly(elements.named)));
    }

    private void readEntry(Elements elements) {
        boolean isNamed = lexer.token() == LuaToken.LEFT_BRACKET
                || (lexer.token() == LuaToken.NAME && lexer.lookAhead() == LuaToken.ASSIGN);
        if (!isNamed) {
            read(elements.last);
            elements.count++;
            elements.pending++;
            return;
        }
        LuaCode code = scope().code;
        int free = code.free();
        LuaExp key = new LuaExp();
        if (lexer.token() == LuaToken.NAME) {
            constant(key, parser.readName());
        } else {
            readKey(key);
        }
        elements.named++;
        parser.expect(LuaToken.ASSIGN);
        int keyOperand = values().toOperand(key);
        LuaExp value = new LuaExp();
        read(value);
        code.emit(Lua.OP_SETTABLE, elements.table, keyOperand, values().toOperand(value));
        code.free(free);
    }

    /** A size as the instruction keeps it: three bits and an exponent, rounded up. */
    private static int roughly(int size) {
        int exponent = 0;
        int rest = size;
        while (rest >= 16) {
            rest = (rest + 1) >> 1;
            exponent++;
        }
        return rest < 8 ? rest : ((exponent + 1) << 3) | (rest - 8);
    }

    /** What a table constructor has read. */
    private final class Elements {
        final LuaExp last = new LuaExp();
        final int table;
        int named;
        int count;
        int pending;

        Elements(int table) {
            this.table = table;
        }

        void store() {
            if (last.kind == Kind.VOID) {
                return;
            }
            values().toNextRegister(last);
            last.kind = Kind.VOID;
            if (pending == Lua.LFIELDS_PER_FLUSH) {
                scope().code.setList(table, count, pending);
                pending = 0;
            }
        }

        void storeLast() {
            if (pending == 0) {
                return;
            }
            if (last.hasManyResults()) {
                values().allResults(last);
                scope().code.setList(table, count, MANY);
                count--;
            } else {
                if (last.kind != Kind.VOID) {
                    values().toNextRegister(last);
                }
                scope().code.setList(table, count, pending);
            }
        }
    }
}
