package io.llmspell.bridge.lua;

import io.llmspell.bridge.lua.LuaExp.Kind;
import io.llmspell.bridge.lua.LuaScope.Attribute;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.Prototype;

/** Reads the statements of a chunk and makes the code of its functions, in one pass. */
final class LuaParser {
    /** Levels of nesting, as in the reference implementation. */
    private static final int MAX_DEPTH = 200;

    private static final LuaString ENVIRONMENT = LuaText.of("_ENV");
    private static final LuaString SELF = LuaText.of("self");
    private static final LuaString FOR_INDEX = LuaText.of("(for index)");
    private static final LuaString FOR_LIMIT = LuaText.of("(for limit)");
    private static final LuaString FOR_STEP = LuaText.of("(for step)");
    private static final LuaString FOR_GENERATOR = LuaText.of("(for generator)");
    private static final LuaString FOR_STATE = LuaText.of("(for state)");
    private static final LuaString FOR_CONTROL = LuaText.of("(for control)");
    private static final int MANY = -1;

    private final LuaLexer lexer;
    private final LuaExpressions expressions;
    private LuaScope scope;
    private int depth;

    private LuaParser(LuaLexer lexer) {
        this.lexer = lexer;
        this.expressions = new LuaExpressions(lexer, this);
        this.scope = new LuaScope(null, lexer, 0);
    }

    /** Compiles a whole chunk: a function of any number of arguments with its environment as a variable. */
    static Prototype parse(LuaLexer lexer) {
        LuaParser parser = new LuaParser(lexer);
        parser.scope.prototype.is_vararg = 1;
        parser.scope.addUpvalue(ENVIRONMENT, true, 0, Attribute.NONE);
        lexer.next();
        parser.readStatements();
        parser.check(LuaToken.END_OF_TEXT);
        return parser.scope.finish();
    }

    /** The function being compiled. */
    LuaScope scope() {
        return scope;
    }

    void deeper() {
        if (++depth > MAX_DEPTH) {
            throw lexer.problemHere("chunk has too many levels of nesting, at most " + MAX_DEPTH + " are allowed,");
        }
    }

    void shallower() {
        depth--;
    }

    // ---- tokens

    boolean skip(LuaToken token) {
        if (lexer.token() != token) {
            return false;
        }
        lexer.next();
        return true;
    }

    private void check(LuaToken token) {
        if (lexer.token() != token) {
            throw lexer.problemHere("'" + token.text + "' expected");
        }
    }

    void expect(LuaToken token) {
        check(token);
        lexer.next();
    }

    void expectClosing(LuaToken token, LuaToken opening, int line) {
        if (skip(token)) {
            return;
        }
        throw lexer.problemHere(
                line == lexer.line()
                        ? "'" + token.text + "' expected"
                        : "'" + token.text + "' expected (to close '" + opening.text + "' at line " + line + ")");
    }

    LuaString readName() {
        if (lexer.token() != LuaToken.NAME) {
            throw lexer.problemHere("<name> expected");
        }
        LuaString name = lexer.text();
        lexer.next();
        return name;
    }

    // ---- statements

    private void readStatements() {
        while (!lexer.token().endsBlock(true)) {
            if (lexer.token() == LuaToken.RETURN) {
                readStatement();
                return;
            }
            readStatement();
        }
    }

    private void readStatement() {
        int line = lexer.line();
        deeper();
        switch (lexer.token()) {
            case SEMICOLON -> lexer.next();
            case IF -> readIf(line);
            case WHILE -> readWhile(line);
            case DO -> {
                lexer.next();
                readBlock();
                expectClosing(LuaToken.END, LuaToken.DO, line);
            }
            case FOR -> readFor(line);
            case REPEAT -> readRepeat(line);
            case FUNCTION -> readFunction(line);
            case LOCAL -> readLocal();
            case DOUBLE_COLON -> {
                lexer.next();
                readLabel(readName(), line);
            }
            case RETURN -> {
                lexer.next();
                readReturn();
            }
            case BREAK, GOTO -> readJump(scope.code.jump());
            default -> readExpressionStatement();
        }
        scope.code.free(scope.activeCount());
        shallower();
    }

    private void readBlock() {
        scope.enter(false);
        readStatements();
        scope.leave();
    }

    private void readWhile(int line) {
        lexer.next();
        int start = scope.code.label();
        int exit = readCondition();
        scope.enter(true);
        expect(LuaToken.DO);
        readBlock();
        scope.code.land(scope.code.jump(), start);
        expectClosing(LuaToken.END, LuaToken.WHILE, line);
        scope.leave();
        scope.code.landHere(exit);
    }

    private void readRepeat(int line) {
        int start = scope.code.label();
        scope.enter(true);
        scope.enter(false);
        lexer.next();
        readStatements();
        expectClosing(LuaToken.UNTIL, LuaToken.REPEAT, line);
        int exit = readCondition();
        if (scope.closingLevel() >= 0) {
            scope.code.closeFrom(exit, scope.closingLevel());
        }
        scope.leave();
        scope.code.land(exit, start);
        scope.leave();
    }

    /** Reads a condition; returns the jumps that are taken when it is false. */
    private int readCondition() {
        LuaExp e = new LuaExp();
        expressions.read(e);
        if (e.kind == Kind.NIL) {
            e.kind = Kind.FALSE;
        }
        scope.values.goIfTrue(e);
        return e.whenFalse;
    }

    private void readIf(int line) {
        int exits = readBranch(LuaExp.NO_JUMP);
        while (lexer.token() == LuaToken.ELSEIF) {
            exits = readBranch(exits);
        }
        if (skip(LuaToken.ELSE)) {
            readBlock();
        }
        expectClosing(LuaToken.END, LuaToken.IF, line);
        scope.code.landHere(exits);
    }

    private int readBranch(int exits) {
        lexer.next();
        LuaExp condition = new LuaExp();
        expressions.read(condition);
        expect(LuaToken.THEN);
        int over;
        if (lexer.token() == LuaToken.GOTO || lexer.token() == LuaToken.BREAK) {
            scope.values.goIfFalse(condition);
            scope.enter(false);
            readJump(condition.whenTrue);
            skipEmpty();
            if (lexer.token().endsBlock(false)) {
                scope.leave();
                return exits;
            }
            over = scope.code.jump();
        } else {
            scope.values.goIfTrue(condition);
            scope.enter(false);
            over = condition.whenFalse;
        }
        readStatements();
        scope.leave();
        int all = exits;
        if (lexer.token() == LuaToken.ELSE || lexer.token() == LuaToken.ELSEIF) {
            all = scope.code.concat(all, scope.code.jump());
        }
        scope.code.landHere(over);
        return all;
    }

    private void readJump(int jump) {
        int line = lexer.line();
        if (skip(LuaToken.GOTO)) {
            scope.jumpTo(readName(), jump, line);
        } else {
            lexer.next();
            scope.jumpTo(LuaScope.BREAK, jump, line);
        }
    }

    private void skipEmpty() {
        while (lexer.token() == LuaToken.SEMICOLON || lexer.token() == LuaToken.DOUBLE_COLON) {
            readStatement();
        }
    }

    private void readLabel(LuaString name, int line) {
        expect(LuaToken.DOUBLE_COLON);
        scope.label(name, line);
        int label = scope.newestLabel();
        skipEmpty();
        scope.landOnNewest(label, lexer.token().endsBlock(false));
    }

    // ---- for

    private void readFor(int line) {
        scope.enter(true);
        lexer.next();
        LuaString name = readName();
        switch (lexer.token()) {
            case ASSIGN -> readNumericFor(name, line);
            case COMMA, IN -> readGenericFor(name);
            default -> throw lexer.problemHere("'=' or 'in' expected");
        }
        expectClosing(LuaToken.END, LuaToken.FOR, line);
        scope.leave();
    }

    private void readNumericFor(LuaString name, int line) {
        int base = scope.code.free();
        scope.declare(FOR_INDEX);
        scope.declare(FOR_LIMIT);
        scope.declare(FOR_STEP);
        scope.declare(name);
        expect(LuaToken.ASSIGN);
        readToRegister();
        expect(LuaToken.COMMA);
        readToRegister();
        if (skip(LuaToken.COMMA)) {
            readToRegister();
        } else {
            scope.code.loadConstant(scope.code.free(), scope.code.constant(LuaInteger.valueOf(1)));
            scope.code.reserve(1);
        }
        readForBody(base, line, 1, true);
    }

    private void readToRegister() {
        LuaExp e = new LuaExp();
        expressions.read(e);
        scope.values.toNextRegister(e);
    }

    private void readGenericFor(LuaString name) {
        int base = scope.code.free();
        scope.declare(FOR_GENERATOR);
        scope.declare(FOR_STATE);
        scope.declare(FOR_CONTROL);
        scope.declare(name);
        int variables = 1;
        while (skip(LuaToken.COMMA)) {
            scope.declare(readName());
            variables++;
        }
        expect(LuaToken.IN);
        int line = lexer.line();
        LuaExp e = new LuaExp();
        adjust(3, expressions.readList(e), e);
        scope.code.checkStack(3);
        readForBody(base, line, variables, false);
    }

    private void readForBody(int base, int line, int variables, boolean isNumeric) {
        LuaCode code = scope.code;
        scope.activate(3);
        expect(LuaToken.DO);
        int prepare = isNumeric ? code.emit(LuaOp.asbx(Lua.OP_FORPREP, base, LuaExp.NO_JUMP)) : code.jump();
        scope.enter(false);
        scope.activate(variables);
        code.reserve(variables);
        readBlock();
        scope.leave();
        code.landHere(prepare);
        int end;
        if (isNumeric) {
            end = code.emit(LuaOp.asbx(Lua.OP_FORLOOP, base, LuaExp.NO_JUMP));
        } else {
            code.emit(Lua.OP_TFORCALL, base, 0, variables);
            code.line(line);
            end = code.emit(LuaOp.asbx(Lua.OP_TFORLOOP, base + 2, LuaExp.NO_JUMP));
        }
        code.land(end, prepare + 1);
        code.line(line);
    }

    // ---- functions

    private void readFunction(int line) {
        lexer.next();
        LuaExp name = new LuaExp();
        expressions.readVariable(name);
        boolean isMethod = false;
        while (lexer.token() == LuaToken.DOT) {
            expressions.readField(name);
        }
        if (lexer.token() == LuaToken.COLON) {
            isMethod = true;
            expressions.readField(name);
        }
        LuaExp body = new LuaExp();
        readBody(body, isMethod, line);
        scope.checkAssignable(name);
        scope.values.store(name, body);
        scope.code.line(line);
    }

    /** Reads parameters and body of a function and leaves the closure in a register. */
    void readBody(LuaExp e, boolean isMethod, int line) {
        LuaScope outer = scope;
        scope = new LuaScope(outer, lexer, line);
        expect(LuaToken.LEFT_PARENTHESIS);
        if (isMethod) {
            scope.declare(SELF);
            scope.activate(1);
        }
        readParameters();
        expect(LuaToken.RIGHT_PARENTHESIS);
        readStatements();
        scope.prototype.lastlinedefined = lexer.line();
        expectClosing(LuaToken.END, LuaToken.FUNCTION, line);
        Prototype made = scope.finish();
        scope = outer;
        e.set(Kind.RELOCATABLE, scope.code.emit(LuaOp.abx(Lua.OP_CLOSURE, 0, scope.addFunction(made))));
        scope.values.toNextRegister(e);
    }

    private void readParameters() {
        int count = 0;
        if (lexer.token() != LuaToken.RIGHT_PARENTHESIS) {
            do {
                if (lexer.token() == LuaToken.NAME) {
                    scope.declare(readName());
                    count++;
                } else if (skip(LuaToken.DOTS)) {
                    scope.prototype.is_vararg = 1;
                } else {
                    throw lexer.problemHere("<name> or '...' expected");
                }
            } while (scope.prototype.is_vararg == 0 && skip(LuaToken.COMMA));
        }
        scope.activate(count);
        scope.prototype.numparams = scope.activeCount();
        scope.code.reserve(scope.activeCount());
    }

    private void readReturn() {
        LuaCode code = scope.code;
        int first = 0;
        int count = 0;
        if (!lexer.token().endsBlock(true) && lexer.token() != LuaToken.SEMICOLON) {
            LuaExp e = new LuaExp();
            count = expressions.readList(e);
            first = scope.activeCount();
            if (e.hasManyResults()) {
                scope.values.allResults(e);
                if (e.kind == Kind.CALL && count == 1 && !scope.isInsideClosing()) {
                    code.patch(e.info, LuaOp.withOp(code.word(e.info), Lua.OP_TAILCALL));
                }
                count = MANY;
            } else if (count == 1) {
                first = scope.values.toAnyRegister(e);
            } else {
                scope.values.toNextRegister(e);
            }
        }
        code.emit(Lua.OP_RETURN, first, count + 1, 0);
        skip(LuaToken.SEMICOLON);
    }

    // ---- variables

    private void readLocal() {
        lexer.next();
        if (skip(LuaToken.FUNCTION)) {
            scope.declare(readName());
            scope.activate(1);
            readBody(new LuaExp(), false, lexer.line());
            scope.restartNewest();
        } else {
            readLocals();
        }
    }

    private void readLocals() {
        int count = 0;
        int closing = -1;
        do {
            LuaString name = readName();
            Attribute attribute = readAttribute();
            scope.declare(name, attribute);
            if (attribute == Attribute.CLOSE) {
                if (closing >= 0) {
                    throw lexer.problemOfMeaning("multiple to-be-closed variables in local list");
                }
                closing = scope.activeCount() + count;
            }
            count++;
        } while (skip(LuaToken.COMMA));
        LuaExp e = new LuaExp();
        int given = skip(LuaToken.ASSIGN) ? expressions.readList(e) : 0;
        adjust(count, given, e);
        scope.activate(count);
        if (closing >= 0) {
            scope.close(closing);
        }
    }

    private Attribute readAttribute() {
        if (!skip(LuaToken.LESS)) {
            return Attribute.NONE;
        }
        String attribute = LuaText.toJavaLossy(readName());
        expect(LuaToken.GREATER);
        return switch (attribute) {
            case "const" -> Attribute.CONST;
            case "close" -> Attribute.CLOSE;
            default -> throw lexer.problemOfMeaning("unknown attribute '" + attribute + "'");
        };
    }

    /** Makes {@code given} values, the last of them {@code e}, exactly {@code wanted}. */
    private void adjust(int wanted, int given, LuaExp e) {
        LuaCode code = scope.code;
        int missing = wanted - given;
        if (e.hasManyResults()) {
            int results = Math.max(missing + 1, 0);
            scope.values.results(e, results);
            if (results > 1) {
                code.reserve(results - 1);
            }
            return;
        }
        if (e.kind != Kind.VOID) {
            scope.values.toNextRegister(e);
        }
        if (missing > 0) {
            int first = code.free();
            code.reserve(missing);
            code.loadNil(first, missing);
        }
    }

    /** A variable on the left of an assignment, and those before it. */
    private record Target(@Nullable Target before, LuaExp variable) {}

    private void readExpressionStatement() {
        LuaExp e = new LuaExp();
        expressions.readSuffixed(e);
        if (lexer.token() == LuaToken.ASSIGN || lexer.token() == LuaToken.COMMA) {
            readAssignment(new Target(null, e), 1);
        } else if (e.kind == Kind.CALL) {
            scope.code.patch(e.info, LuaOp.withC(scope.code.word(e.info), 1));
        } else {
            throw lexer.problemHere("syntax error");
        }
    }

    private void readAssignment(Target target, int count) {
        if (!target.variable.isVariable()) {
            throw lexer.problemHere("syntax error");
        }
        scope.checkAssignable(target.variable);
        LuaExp e = new LuaExp();
        if (skip(LuaToken.COMMA)) {
            LuaExp next = new LuaExp();
            expressions.readSuffixed(next);
            if (next.kind != Kind.INDEXED) {
                saveConflicting(target, next);
            }
            deeper();
            readAssignment(new Target(target, next), count + 1);
            shallower();
        } else {
            expect(LuaToken.ASSIGN);
            int given = expressions.readList(e);
            if (given == count) {
                scope.values.oneResult(e);
                scope.values.store(target.variable, e);
                return;
            }
            adjust(count, given, e);
            if (given > count) {
                scope.code.free(scope.code.free() - (given - count));
            }
        }
        e.set(Kind.REGISTER, scope.code.free() - 1);
        scope.values.store(target.variable, e);
    }

    /** Copies a variable that an earlier target still needs as its table or key. */
    private void saveConflicting(Target targets, LuaExp assigned) {
        int copy = scope.code.free();
        boolean isNeeded = false;
        boolean isUpvalue = assigned.kind == Kind.UPVALUE;
        for (Target target = targets; target != null; target = target.before) {
            LuaExp indexed = target.variable;
            if (indexed.kind != Kind.INDEXED) {
                continue;
            }
            if (indexed.isTableUpvalue == isUpvalue && indexed.table == assigned.info) {
                isNeeded = true;
                indexed.isTableUpvalue = false;
                indexed.table = copy;
            }
            if (!isUpvalue && indexed.key == assigned.info) {
                isNeeded = true;
                indexed.key = copy;
            }
        }
        if (isNeeded) {
            scope.code.emit(isUpvalue ? Lua.OP_GETUPVAL : Lua.OP_MOVE, copy, assigned.info, 0);
            scope.code.reserve(1);
        }
    }
}
