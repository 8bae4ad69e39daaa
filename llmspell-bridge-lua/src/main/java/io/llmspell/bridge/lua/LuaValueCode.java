package io.llmspell.bridge.lua;

import io.llmspell.bridge.lua.LuaExp.Kind;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;

/** Makes the code of expressions: where values go, and what operators do with them. */
final class LuaValueCode {
    private static final int MAX_RK_CONSTANT = 255;

    private final LuaCode code;
    private final LuaScope scope;

    LuaValueCode(LuaCode code, LuaScope scope) {
        this.code = code;
        this.scope = scope;
    }

    // ---- registers

    private void freeRegister(int operand) {
        if ((operand & LuaOp.CONSTANT_BIT) == 0 && operand >= scope.activeCount()) {
            code.free(code.free() - 1);
        }
    }

    void free(LuaExp e) {
        if (e.kind == Kind.REGISTER) {
            freeRegister(e.info);
        }
    }

    // ---- values

    void results(LuaExp e, int count) {
        int word = e.hasManyResults() ? code.word(e.info) : 0;
        if (e.kind == Kind.CALL) {
            code.patch(e.info, LuaOp.withC(word, count + 1));
        } else if (e.kind == Kind.VARARG) {
            code.patch(e.info, LuaOp.withA(LuaOp.withB(word, count + 1), code.free()));
            code.reserve(1);
        }
    }

    void allResults(LuaExp e) {
        results(e, -1);
    }

    void oneResult(LuaExp e) {
        if (e.kind == Kind.CALL) {
            e.kind = Kind.REGISTER;
            e.info = LuaOp.a(code.word(e.info));
        } else if (e.kind == Kind.VARARG) {
            code.patch(e.info, LuaOp.withB(code.word(e.info), 2));
            e.kind = Kind.RELOCATABLE;
        }
    }

    void discharge(LuaExp e) {
        switch (e.kind) {
            case LOCAL -> e.kind = Kind.REGISTER;
            case UPVALUE -> {
                e.info = code.emit(Lua.OP_GETUPVAL, 0, e.info, 0);
                e.kind = Kind.RELOCATABLE;
            }
            case INDEXED -> {
                freeRegister(e.key);
                if (!e.isTableUpvalue) {
                    freeRegister(e.table);
                }
                e.info = code.emit(e.isTableUpvalue ? Lua.OP_GETTABUP : Lua.OP_GETTABLE, 0, e.table, e.key);
                e.kind = Kind.RELOCATABLE;
            }
            case CALL, VARARG -> oneResult(e);
            default -> {
                // a value is there
            }
        }
    }

    private void dischargeTo(LuaExp e, int register) {
        discharge(e);
        switch (e.kind) {
            case NIL -> code.loadNil(register, 1);
            case FALSE, TRUE -> code.emit(Lua.OP_LOADBOOL, register, e.kind == Kind.TRUE ? 1 : 0, 0);
            case CONSTANT -> code.loadConstant(register, e.info);
            case NUMBER -> code.loadConstant(register, code.constant(number(e)));
            case RELOCATABLE -> code.patch(e.info, LuaOp.withA(code.word(e.info), register));
            case REGISTER -> {
                if (register != e.info) {
                    code.emit(Lua.OP_MOVE, register, e.info, 0);
                }
            }
            default -> {
                return; // a jump or nothing: there is no value yet
            }
        }
        e.info = register;
        e.kind = Kind.REGISTER;
    }

    private static LuaNumber number(LuaExp e) {
        LuaNumber number = e.number;
        return number == null ? LuaInteger.valueOf(0) : number;
    }

    private void dischargeToAny(LuaExp e) {
        if (e.kind != Kind.REGISTER) {
            code.reserve(1);
            dischargeTo(e, code.free() - 1);
        }
    }

    void toRegister(LuaExp e, int register) {
        dischargeTo(e, register);
        if (e.kind == Kind.JUMP) {
            e.whenTrue = code.concat(e.whenTrue, e.info);
        }
        if (e.hasJumps()) {
            int falseAt = LuaExp.NO_JUMP;
            int trueAt = LuaExp.NO_JUMP;
            if (code.needsValue(e.whenTrue) || code.needsValue(e.whenFalse)) {
                int over = e.kind == Kind.JUMP ? LuaExp.NO_JUMP : code.jump();
                falseAt = loadFlag(register, 0, 1);
                trueAt = loadFlag(register, 1, 0);
                code.landHere(over);
            }
            int end = code.label();
            code.land(e.whenFalse, end, register, falseAt);
            code.land(e.whenTrue, end, register, trueAt);
        }
        e.set(Kind.REGISTER, register);
    }

    private int loadFlag(int register, int value, int skip) {
        code.label();
        return code.emit(Lua.OP_LOADBOOL, register, value, skip);
    }

    void toNextRegister(LuaExp e) {
        discharge(e);
        free(e);
        code.reserve(1);
        toRegister(e, code.free() - 1);
    }

    int toAnyRegister(LuaExp e) {
        discharge(e);
        if (e.kind == Kind.REGISTER) {
            if (!e.hasJumps()) {
                return e.info;
            }
            if (e.info >= scope.activeCount()) {
                toRegister(e, e.info);
                return e.info;
            }
        }
        toNextRegister(e);
        return e.info;
    }

    void toAnyRegisterOrUpvalue(LuaExp e) {
        if (e.kind != Kind.UPVALUE || e.hasJumps()) {
            toAnyRegister(e);
        }
    }

    void toValue(LuaExp e) {
        if (e.hasJumps()) {
            toAnyRegister(e);
        } else {
            discharge(e);
        }
    }

    /** Makes the value an operand: a register, or a constant if there is room for it. */
    int toOperand(LuaExp e) {
        toValue(e);
        int constant = -1;
        switch (e.kind) {
            case TRUE, FALSE, NIL -> {
                if (code.constantCount() <= MAX_RK_CONSTANT) {
                    constant = e.kind == Kind.NIL ? code.constantNil() : code.constant(e.kind == Kind.TRUE);
                }
            }
            case NUMBER -> constant = code.constant(number(e));
            case CONSTANT -> constant = e.info;
            default -> {
                // not a constant
            }
        }
        if (constant >= 0) {
            e.kind = Kind.CONSTANT;
            e.info = constant;
            if (constant <= MAX_RK_CONSTANT) {
                return constant | LuaOp.CONSTANT_BIT;
            }
        }
        return toAnyRegister(e);
    }

    void store(LuaExp variable, LuaExp e) {
        switch (variable.kind) {
            case LOCAL -> {
                free(e);
                toRegister(e, variable.info);
                return;
            }
            case UPVALUE -> code.emit(Lua.OP_SETUPVAL, toAnyRegister(e), variable.info, 0);
            default -> {
                int value = toOperand(e);
                int op = variable.isTableUpvalue ? Lua.OP_SETTABUP : Lua.OP_SETTABLE;
                code.emit(op, variable.table, variable.key, value);
            }
        }
        free(e);
    }

    void self(LuaExp e, LuaExp key) {
        toAnyRegister(e);
        free(e);
        int function = code.free();
        code.reserve(2);
        code.emit(Lua.OP_SELF, function, e.info, toOperand(key));
        free(key);
        e.info = function;
        e.kind = Kind.REGISTER;
    }

    void index(LuaExp table, LuaExp key) {
        table.table = table.info;
        table.key = toOperand(key);
        table.isTableUpvalue = table.kind == Kind.UPVALUE;
        table.kind = Kind.INDEXED;
    }

    // ---- conditions

    private void invert(LuaExp e) {
        int at = code.control(e.info);
        int word = code.word(at);
        code.patch(at, LuaOp.withA(word, LuaOp.a(word) != 0 ? 0 : 1));
    }

    private int jumpOn(LuaExp e, int condition) {
        if (e.kind == Kind.RELOCATABLE) {
            int word = code.word(e.info);
            if (LuaOp.op(word) == Lua.OP_NOT) {
                code.dropLast();
                return code.testAndJump(Lua.OP_TEST, LuaOp.b(word), 0, condition != 0 ? 0 : 1);
            }
        }
        dischargeToAny(e);
        free(e);
        return code.testAndJump(Lua.OP_TESTSET, LuaCode.NO_REGISTER, e.info, condition);
    }

    /** Goes on if the value is true; else the jumps {@code whenFalse} are taken. */
    void goIfTrue(LuaExp e) {
        discharge(e);
        int jump;
        if (e.kind == Kind.JUMP) {
            invert(e);
            jump = e.info;
        } else {
            jump = e.isConstantTrue() ? LuaExp.NO_JUMP : jumpOn(e, 0);
        }
        e.whenFalse = code.concat(e.whenFalse, jump);
        code.landHere(e.whenTrue);
        e.whenTrue = LuaExp.NO_JUMP;
    }

    /** Goes on if the value is false; else the jumps {@code whenTrue} are taken. */
    void goIfFalse(LuaExp e) {
        discharge(e);
        int jump;
        if (e.kind == Kind.JUMP) {
            jump = e.info;
        } else {
            jump = e.isConstantFalse() ? LuaExp.NO_JUMP : jumpOn(e, 1);
        }
        e.whenTrue = code.concat(e.whenTrue, jump);
        code.landHere(e.whenFalse);
        e.whenFalse = LuaExp.NO_JUMP;
    }

    private void not(LuaExp e) {
        discharge(e);
        if (e.isConstantFalse()) {
            e.kind = Kind.TRUE;
        } else if (e.isConstantTrue()) {
            e.kind = Kind.FALSE;
        } else if (e.kind == Kind.JUMP) {
            invert(e);
        } else {
            dischargeToAny(e);
            free(e);
            e.info = code.emit(Lua.OP_NOT, 0, e.info, 0);
            e.kind = Kind.RELOCATABLE;
        }
        int swapped = e.whenFalse;
        e.whenFalse = e.whenTrue;
        e.whenTrue = swapped;
        code.dropValues(e.whenFalse);
        code.dropValues(e.whenTrue);
    }

    // ---- operators

    void prefix(LuaOperator.Unary operator, LuaExp e, int line) {
        if (operator == LuaOperator.Unary.NOT) {
            not(e);
            return;
        }
        LuaNumber numeral = e.numeral();
        if (operator == LuaOperator.Unary.MINUS && numeral != null) {
            e.number = LuaArithmetic.negate(numeral);
            return;
        }
        toAnyRegister(e);
        free(e);
        e.info = code.emit(operator.op, 0, e.info, 0);
        e.kind = Kind.RELOCATABLE;
        code.line(line);
    }

    /** Does what must be done with the left operand before the right one is read. */
    void infix(LuaOperator operator, LuaExp e) {
        switch (operator) {
            case AND -> goIfTrue(e);
            case OR -> goIfFalse(e);
            case CONCAT -> toNextRegister(e);
            default -> {
                if (e.numeral() == null || !operator.isFolded()) {
                    toOperand(e);
                }
            }
        }
    }

    void postfix(LuaOperator operator, LuaExp left, LuaExp right, int line) {
        switch (operator) {
            case AND -> {
                discharge(right);
                right.whenFalse = code.concat(right.whenFalse, left.whenFalse);
                left.copy(right);
            }
            case OR -> {
                discharge(right);
                right.whenTrue = code.concat(right.whenTrue, left.whenTrue);
                left.copy(right);
            }
            case CONCAT -> concat(left, right, line);
            case EQ, LT, LE -> compare(operator.op, 1, left, right);
            case NE -> compare(operator.op, 0, left, right);
            case GT, GE -> compareSwapped(operator.op, left, right);
            default -> arithmetic(operator, left, right, line);
        }
    }

    private void concat(LuaExp left, LuaExp right, int line) {
        toValue(right);
        if (right.kind == Kind.RELOCATABLE && LuaOp.op(code.word(right.info)) == Lua.OP_CONCAT) {
            free(left);
            code.patch(right.info, LuaOp.withB(code.word(right.info), left.info));
            left.kind = Kind.RELOCATABLE;
            left.info = right.info;
            return;
        }
        toNextRegister(right);
        operate(Lua.OP_CONCAT, left, right, line);
    }

    private void arithmetic(LuaOperator operator, LuaExp left, LuaExp right, int line) {
        LuaNumber x = left.numeral();
        LuaNumber y = right.numeral();
        LuaNumber folded = x == null || y == null ? null : fold(operator, x, y);
        if (folded != null) {
            left.number = folded;
        } else {
            operate(operator.op, left, right, line);
        }
    }

    private static @Nullable LuaNumber fold(LuaOperator operator, LuaNumber x, LuaNumber y) {
        boolean divides = operator != LuaOperator.ADD
                && operator != LuaOperator.SUB
                && operator != LuaOperator.MUL
                && operator != LuaOperator.POW;
        if (!operator.isFolded() || (divides && y.todouble() == 0)) {
            return null;
        }
        LuaNumber result = LuaArithmetic.compute(operator.arithmetic(), x, y);
        return Double.isNaN(result.todouble()) ? null : result;
    }

    private void operate(int op, LuaExp left, LuaExp right, int line) {
        int second = toOperand(right);
        int first = toOperand(left);
        if (first > second) {
            free(left);
            free(right);
        } else {
            free(right);
            free(left);
        }
        left.info = code.emit(op, 0, first, second);
        left.kind = Kind.RELOCATABLE;
        code.line(line);
    }

    private void compare(int op, int condition, LuaExp left, LuaExp right) {
        int first = toOperand(left);
        int second = toOperand(right);
        free(right);
        free(left);
        left.info = code.testAndJump(op, condition, first, second);
        left.kind = Kind.JUMP;
    }

    private void compareSwapped(int op, LuaExp left, LuaExp right) {
        int first = toOperand(left);
        int second = toOperand(right);
        free(right);
        free(left);
        left.info = code.testAndJump(op, 1, second, first);
        left.kind = Kind.JUMP;
    }
}
