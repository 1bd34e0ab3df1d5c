package dev.weft.catalog.rollout;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.rollout.compare.ListPage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of rollouts. */
@Schema(
        name = "RolloutPage",
        description = "Rollouts, newest first",
        requiredProperties = {"items", "next"})
record RolloutPageBody(
        @Schema(description = "The rollouts of this page") List<RolloutBody> items,
        @Schema(
                        types = {"string", "null"},
                        description = "Address of the next page; null after the last one")
                @Nullable String next) {
    /**
     * @param found what the page has, and one more if there is one
     */
    static RolloutPageBody of(List<Rollouts.Shown> found, ListPage page, Requester requester) {
        List<RolloutBody> items = page.items(found).stream().map(RolloutBody::of).toList();
        return new RolloutPageBody(
                items,
                page.next(
                        "/admin/v1/rollouts",
                        found,
                        items.isEmpty() ? 0 : items.getLast().id(),
                        requester));
    }
}
