package dev.weft.inference.cpu.batch.schedule;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Orders a step's prompts: the tenant that was served least comes first. Within a tenant, the
 * oldest prompt and the one with the fewest tokens left take turns. So a short prompt passes a long
 * one, and the oldest still gets every other of the tenant's steps whole; it waits at most twice as
 * long as if it were alone.
 */
final class PromptOrder {
    private boolean shortestFirst = true;

    /**
     * The order for the next step, of prompts from oldest to youngest.
     *
     * @param served tokens that a row's tenant was served
     */
    List<Row> next(List<Row> byAge, ToLongFunction<Row> served) {
        shortestFirst = !shortestFirst;
        Comparator<Row> byTenant = Comparator.comparingLong(served);
        return byAge.stream()
                .sorted(shortestFirst ? byTenant.thenComparingInt(Row::pending) : byTenant)
                .toList();
    }
}
