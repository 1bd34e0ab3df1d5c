package dev.weft.inference.cpu.batch;

import java.util.Comparator;
import java.util.List;

/**
 * Whose prompt comes first in a step: by turns the oldest and the one with the fewest tokens left.
 * So a short prompt passes a long one, and the oldest still gets every other step whole: it waits
 * at most twice as long as if it were alone.
 */
final class PromptOrder {
    private boolean shortestFirst = true;

    /** The order for the next step, of prompts from oldest to youngest. */
    List<Row> next(List<Row> byAge) {
        shortestFirst = !shortestFirst;
        return shortestFirst
                ? byAge.stream().sorted(Comparator.comparingInt(Row::pending)).toList()
                : byAge;
    }
}
