package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.scan.Scan;
import dev.weft.grammar.walk.StringScans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells begun keys apart by where patterns stand behind them: keys with the same state go on to
 * match the same patterns. Its grammar's lock guards it.
 */
final class PatternStates {
    private static final int BYTES_OF_NAME = 120;

    private final Expressions pool;
    private final Map<Scan, String> names = new HashMap<>();

    /** The key that was asked for last, and the states behind each of its bytes. */
    private byte[] last = new byte[0];

    private final List<Scan> behind = new ArrayList<>();

    PatternStates(Expressions pool, StringScans strings, Set<Expression> patterns) {
        this.pool = pool;
        List<Expression> states = new ArrayList<>();
        // the first one decides what may follow: any text
        states.add(pool.text());
        states.addAll(patterns);
        behind.add(strings.of(states));
    }

    /**
     * A name of the state behind a key's first bytes. What two keys share is walked once.
     *
     * @param begun the key as it is written, its quote in front
     */
    String of(byte[] begun) {
        int differs = Arrays.mismatch(last, begun);
        int same = differs < 0 ? begun.length : differs;
        // the first state is the one behind the quote
        behind.subList(Math.max(1, Math.min(same, behind.size())), behind.size()).clear();
        for (int i = behind.size(); i < begun.length; i++) {
            behind.add(behind.getLast().next(begun[i] & 0xFF));
        }
        last = begun;
        return names.computeIfAbsent(behind.getLast(), _ -> named());
    }

    private String named() {
        pool.hold(BYTES_OF_NAME);
        return Integer.toString(names.size());
    }
}
