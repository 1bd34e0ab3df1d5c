package dev.weft.grammar.parse;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Texts that may go on at a place, and where each leads; texts that lead to one place are joined.
 */
final class Threads {
    private final Expressions pool;
    private final TreeMap<Link, List<Expression>> texts = new TreeMap<>();

    /** Takes a text and where it leads. */
    interface Each {
        void accept(Expression text, Link link);
    }

    Threads(Expressions pool) {
        this.pool = pool;
    }

    void add(Expression text, Link link) {
        texts.computeIfAbsent(link, _ -> new ArrayList<>(1)).add(text);
    }

    int size() {
        return texts.size();
    }

    void forEach(Each each) {
        texts.forEach((link, all) -> each.accept(one(all), link));
    }

    private Expression one(List<Expression> all) {
        if (all.size() > 1) {
            pool.budget().spend(all.size());
            Expression any = pool.or(all);
            all.clear();
            all.add(any);
        }
        return all.getFirst();
    }

    /** A key that tells these threads from others. */
    Ids key(int kind) {
        Ids key = new Ids(2 * texts.size() + 1);
        key.add(kind);
        forEach((text, link) -> {
            key.add(link.id);
            key.add(text.id());
        });
        return key;
    }
}
