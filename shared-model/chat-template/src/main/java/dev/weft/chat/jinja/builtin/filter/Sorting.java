package dev.weft.chat.jinja.builtin.filter;

import dev.weft.chat.jinja.budget.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** A stable sort that asks only for "less", as Python's does, and takes any answer. */
public final class Sorting {
    private Sorting() {}

    public static <T> List<T> sorted(List<T> items, BiPredicate<T, T> less) {
        if (items.size() < 2) {
            return new ArrayList<>(items);
        }
        Budget.steps(items.size());
        Budget.bytes(8L * items.size());
        int half = items.size() / 2;
        List<T> left = sorted(items.subList(0, half), less);
        List<T> right = sorted(items.subList(half, items.size()), less);
        List<T> merged = new ArrayList<>(items.size());
        int i = 0;
        int j = 0;
        while (i < left.size() && j < right.size()) {
            boolean takeRight = less.test(right.get(j), left.get(i));
            merged.add(takeRight ? right.get(j++) : left.get(i++));
        }
        merged.addAll(left.subList(i, left.size()));
        merged.addAll(right.subList(j, right.size()));
        return merged;
    }
}
