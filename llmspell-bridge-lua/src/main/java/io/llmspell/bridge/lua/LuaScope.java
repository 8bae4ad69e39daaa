package io.llmspell.bridge.lua;

import io.llmspell.bridge.lua.LuaExp.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LocVars;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Upvaldesc;

/** One function being compiled: its variables, blocks and labels. */
final class LuaScope {
    private static final int MAX_LOCALS = 200;
    private static final int MAX_UPVALUES = 255;
    private static final int MAX_FUNCTIONS = LuaOp.MAX_BX;

    /** What a variable was declared as. */
    enum Attribute {
        NONE,
        CONST,
        CLOSE
    }

    /** A variable of this function; the register is its place among the active ones. */
    private record Local(LuaString name, Attribute attribute, LocVars shown) {}

    private record Upvalue(Upvaldesc shown, Attribute attribute) {}

    /** A label, or a goto that waits for one. */
    private static final class Mark {
        final LuaString name;
        final int at;
        final int line;
        int level;

        Mark(LuaString name, int at, int line, int level) {
            this.name = name;
            this.at = at;
            this.line = line;
            this.level = level;
        }
    }

    private static final class Block {
        final @Nullable Block outer;
        final boolean isLoop;
        final int level;
        final int firstLabel;
        final int firstGoto;
        final boolean isInsideClosing;
        boolean hasCells;
        boolean hasClosing;

        Block(@Nullable Block outer, boolean isLoop, LuaScope scope) {
            this.outer = outer;
            this.isLoop = isLoop;
            this.level = scope.active;
            this.firstLabel = scope.labels.size();
            this.firstGoto = scope.gotos.size();
            this.isInsideClosing = outer != null && (outer.isInsideClosing || outer.hasClosing);
        }
    }

    /** The name of the label that ends each loop; no label of a script can have it. */
    static final LuaString BREAK = LuaText.of("break");

    final @Nullable LuaScope outer;
    final LuaCode code;
    final LuaValueCode values;
    final Prototype prototype = new Prototype();

    private final LuaLexer lexer;
    private final List<LocVars> shownLocals = new ArrayList<>();
    private final List<Local> locals = new ArrayList<>();
    private final List<Upvalue> upvalues = new ArrayList<>();
    private final List<Prototype> functions = new ArrayList<>();
    private final List<Mark> labels = new ArrayList<>();
    private final List<Mark> gotos = new ArrayList<>();
    private int active;
    private @Nullable Block block;

    LuaScope(@Nullable LuaScope outer, LuaLexer lexer, int line) {
        this.outer = outer;
        this.lexer = lexer;
        this.code = new LuaCode(lexer);
        this.values = new LuaValueCode(code, this);
        prototype.linedefined = line;
        enter(false);
    }

    /** Ends the function: gives the prototype what was made. */
    Prototype finish() {
        code.emit(Lua.OP_RETURN, 0, 1, 0);
        leave();
        prototype.code = code.words();
        prototype.lineinfo = code.lines();
        prototype.k = code.constants();
        prototype.maxstacksize = code.registers();
        prototype.p = functions.toArray(Prototype[]::new);
        prototype.locvars = shownLocals.toArray(LocVars[]::new);
        prototype.upvalues = upvalues.stream().map(Upvalue::shown).toArray(Upvaldesc[]::new);
        return prototype;
    }

    int addFunction(Prototype function) {
        limit(functions.size(), MAX_FUNCTIONS, "functions");
        functions.add(function);
        return functions.size() - 1;
    }

    private void limit(int count, int most, String what) {
        if (count >= most) {
            String where = prototype.linedefined == 0 ? "main function" : "function at line " + prototype.linedefined;
            throw lexer.problemHere(where + " has more than " + most + " " + what);
        }
    }

    // ---- variables

    /** How many variables have a register now. */
    int activeCount() {
        return active;
    }

    /** Declares a variable, which begins to be seen when it is activated. */
    void declare(LuaString name, Attribute attribute) {
        limit(locals.size(), MAX_LOCALS, "local variables");
        LocVars shown = new LocVars(name, 0, 0);
        shownLocals.add(shown);
        locals.add(new Local(name, attribute, shown));
    }

    void declare(LuaString name) {
        declare(name, Attribute.NONE);
    }

    void activate(int count) {
        for (int i = 0; i < count; i++) {
            locals.get(active++).shown.startpc = code.here();
        }
    }

    /** Lets the newest variable be seen from here only. */
    void restartNewest() {
        locals.get(active - 1).shown.startpc = code.here();
    }

    private void removeDownTo(int level) {
        while (active > level) {
            locals.remove(--active).shown.endpc = code.here();
        }
    }

    /** Finds {@code name} here or outside; leaves {@code variable} without a kind if it is a global. */
    void resolve(LuaString name, LuaExp variable) {
        resolve(name, variable, true);
    }

    private void resolve(LuaString name, LuaExp variable, boolean isHere) {
        lexer.guard().charge(1 + (active >> 2) + (upvalues.size() >> 2));
        int local = findLocal(name);
        if (local >= 0) {
            variable.set(Kind.LOCAL, local);
            if (!isHere) {
                markCells(local);
            }
            return;
        }
        int known = findUpvalue(name);
        if (known < 0) {
            if (outer == null) {
                variable.set(Kind.VOID, 0);
                return;
            }
            outer.resolve(name, variable, false);
            if (variable.kind == Kind.VOID) {
                return;
            }
            known = addUpvalue(name, variable.kind == Kind.LOCAL, variable.info, outer.attribute(variable));
        }
        variable.set(Kind.UPVALUE, known);
    }

    private int findLocal(LuaString name) {
        for (int i = active - 1; i >= 0; i--) {
            if (locals.get(i).name.raweq(name)) {
                return i;
            }
        }
        return -1;
    }

    private int findUpvalue(LuaString name) {
        for (int i = 0; i < upvalues.size(); i++) {
            if (upvalues.get(i).shown.name.raweq(name)) {
                return i;
            }
        }
        return -1;
    }

    int addUpvalue(LuaString name, boolean isInStack, int index, Attribute attribute) {
        limit(upvalues.size(), MAX_UPVALUES, "upvalues");
        upvalues.add(new Upvalue(new Upvaldesc(name, isInStack, index), attribute));
        return upvalues.size() - 1;
    }

    private Attribute attribute(LuaExp variable) {
        return switch (variable.kind) {
            case LOCAL -> locals.get(variable.info).attribute;
            case UPVALUE -> upvalues.get(variable.info).attribute;
            default -> Attribute.NONE;
        };
    }

    /** Refuses to change a variable that was declared constant. */
    void checkAssignable(LuaExp variable) {
        if (attribute(variable) != Attribute.NONE) {
            LuaString name = variable.kind == Kind.LOCAL
                    ? locals.get(variable.info).name
                    : upvalues.get(variable.info).shown.name;
            throw lexer.problemOfMeaning("attempt to assign to const variable '" + LuaText.toJavaLossy(name) + "'");
        }
    }

    private void markCells(int register) {
        Block holder = block;
        while (holder != null && holder.level > register) {
            holder = holder.outer;
        }
        if (holder != null) {
            holder.hasCells = true;
        }
    }

    /** Makes {@code register} a variable that is closed wherever its block is left. */
    void close(int register) {
        Block present = block();
        present.hasCells = true;
        present.hasClosing = true;
        code.emit(LuaOp.CLOSING, register, 0, 0);
    }

    /** Whether leaving this function leaves a variable that must be closed. */
    boolean isInsideClosing() {
        return block().isInsideClosing || block().hasClosing;
    }

    // ---- blocks

    private Block block() {
        Block present = block;
        if (present == null) {
            throw new AssertionError("no block is open");
        }
        return present;
    }

    void enter(boolean isLoop) {
        block = new Block(block, isLoop, this);
    }

    void leave() {
        Block left = block();
        if (left.outer != null && left.hasCells) {
            int jump = code.jump();
            code.closeFrom(jump, left.level);
            code.landHere(jump);
        }
        if (left.isLoop) {
            labels.add(new Mark(BREAK, code.here(), 0, active));
            land(labels.get(labels.size() - 1));
        }
        block = left.outer;
        removeDownTo(left.level);
        code.free(active);
        labels.subList(left.firstLabel, labels.size()).clear();
        if (left.outer != null) {
            moveGotosOut(left);
        } else if (left.firstGoto < gotos.size()) {
            throw undefined(gotos.get(left.firstGoto));
        }
    }

    /** The register from which the present block's variables are, or -1 if none of them needs closing. */
    int closingLevel() {
        return block().hasCells ? block().level : -1;
    }

    // ---- labels

    void label(LuaString name, int line) {
        for (int i = block().firstLabel; i < labels.size(); i++) {
            lexer.guard().tick();
            if (labels.get(i).name.raweq(name)) {
                throw lexer.problemOfMeaning(
                        "label '" + LuaText.toJavaLossy(name) + "' already defined on line " + labels.get(i).line);
            }
        }
        labels.add(new Mark(name, code.here(), line, active));
    }

    /** Resolves the gotos that waited for the label made last. */
    void landOnNewest(int label, boolean isLastInBlock) {
        Mark mark = labels.get(label);
        if (isLastInBlock) {
            mark.level = block().level;
        }
        land(mark);
    }

    int newestLabel() {
        return labels.size() - 1;
    }

    void jumpTo(LuaString name, int jump, int line) {
        gotos.add(new Mark(name, jump, line, active));
        landBack(gotos.size() - 1);
    }

    private boolean landBack(int number) {
        Mark waiting = gotos.get(number);
        for (int i = block().firstLabel; i < labels.size(); i++) {
            lexer.guard().tick();
            Mark label = labels.get(i);
            if (label.name.raweq(waiting.name)) {
                if (waiting.level > label.level) {
                    code.closeFrom(waiting.at, label.level);
                }
                close(number, label);
                return true;
            }
        }
        return false;
    }

    private void land(Mark label) {
        int i = block().firstGoto;
        while (i < gotos.size()) {
            lexer.guard().tick();
            if (gotos.get(i).name.raweq(label.name)) {
                close(i, label);
            } else {
                i++;
            }
        }
    }

    private void close(int number, Mark label) {
        Mark waiting = gotos.get(number);
        if (waiting.level < label.level) {
            throw lexer.problemOfMeaning("<goto " + LuaText.toJavaLossy(waiting.name) + "> at line " + waiting.line
                    + " jumps into the scope of local '"
                    + LuaText.toJavaLossy(locals.get(waiting.level).name) + "'");
        }
        code.land(waiting.at, label.at);
        gotos.remove(number);
    }

    private void moveGotosOut(Block left) {
        int i = left.firstGoto;
        while (i < gotos.size()) {
            lexer.guard().tick();
            Mark waiting = gotos.get(i);
            if (waiting.level > left.level) {
                if (left.hasCells) {
                    code.closeFrom(waiting.at, left.level);
                }
                waiting.level = left.level;
            }
            if (!landBack(i)) {
                i++;
            }
        }
    }

    private LuaProblem undefined(Mark waiting) {
        return lexer.problemOfMeaning(
                waiting.name.raweq(BREAK)
                        ? "break outside loop at line " + waiting.line
                        : "no visible label '" + LuaText.toJavaLossy(waiting.name) + "' for <goto> at line "
                                + waiting.line);
    }
}
