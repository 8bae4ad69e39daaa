package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/**
 * {@code table.sort}: a merge sort on a copy.
 *
 * <p>Its comparisons are bounded whatever the order function answers; an order that contradicts
 * itself gives some permutation and never an endless loop or an index outside the table.
 */
final class TableSort {
    private final LuaMachine machine;
    private final LuaTable table;
    private final LuaValue order;

    TableSort(LuaMachine machine, LuaTable table, LuaValue order) {
        this.machine = machine;
        this.table = table;
        this.order = order;
    }

    void sort(int first, int last) {
        int size = last - first + 1;
        machine.guard.reserve(4L * Math.max(size, 0));
        LuaValue[] values = new LuaValue[Math.max(size, 0)];
        for (int i = 0; i < size; i++) {
            values[i] = table.rawget(first + i);
            machine.guard.tick();
        }
        LuaValue[] sorted = mergeSort(values);
        for (int i = 0; i < size; i++) {
            table.rawset(first + i, sorted[i]);
        }
    }

    /** Merges runs of growing size; stable, and about as few comparisons as can be. */
    private LuaValue[] mergeSort(LuaValue[] values) {
        LuaValue[] from = values;
        LuaValue[] to = new LuaValue[values.length];
        for (long run = 1; run < values.length; run *= 2) {
            for (long start = 0; start < values.length; start += 2 * run) {
                merge(from, to, (int) start, (int) run);
            }
            LuaValue[] swapped = from;
            from = to;
            to = swapped;
        }
        return from;
    }

    private void merge(LuaValue[] from, LuaValue[] to, int start, int run) {
        int middle = (int) Math.min((long) start + run, from.length);
        int end = (int) Math.min((long) middle + run, from.length);
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
            boolean takesLeft = right >= end || (left < middle && !isLess(from[right], from[left]));
            to[at] = takesLeft ? from[left++] : from[right++];
        }
    }

    private boolean isLess(LuaValue x, LuaValue y) {
        machine.guard.tick();
        return order.isnil()
                ? machine.meta.less(x, y)
                : machine.call(order, LuaValue.varargsOf(x, y)).arg1().toboolean();
    }
}
